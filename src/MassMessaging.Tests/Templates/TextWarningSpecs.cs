using MassMessaging.Templates;

namespace MassMessaging.Tests.Templates;

public sealed class TextWarningSpecs
{
    [Theory]
    [InlineData("Feel free to reach out at {telefono} if you have any questions.")]
    [InlineData("Reply to this message or call {telefono} for details.")]
    [InlineData("Contáctame: {telefono}")]
    [InlineData("Llámame al {telefono}")]
    [InlineData("Escríbeme por WhatsApp al {telefono}")]
    [InlineData("Me chame no {telefono}")]
    public void Asking_clients_to_call_their_own_number_is_warned_of(string content)
    {
        var warning = Assert.Single(MessageText.Warnings(content));
        Assert.Equal("telefono-is-the-clients", warning.Code);
        Assert.Equal("{telefono}", content[warning.From..warning.To]);
    }

    [Theory]
    [InlineData("Te llamaré al {telefono} mañana.")]
    [InlineData("Vamos a llamarte al {telefono}.")]
    [InlineData("We will call you at {telefono}.")]
    [InlineData("¿Tu número sigue siendo {telefono}?")]
    [InlineData("Llámame al {telefono_asesor}")]
    [InlineData("Contáctame. Tengo anotado {telefono}")]
    public void Naming_the_clients_number_as_theirs_is_not(string content) => Assert.Empty(MessageText.Warnings(content));

    [Theory]
    [InlineData("Este producto CURA la tos", "CURA la tos", "health-claim")]
    [InlineData("¡Adelgazá ya!", "Adelgazá", "health-claim")]
    [InlineData("Perca peso com saúde", "Perca peso", "health-claim")]
    [InlineData("A miracle drink", "miracle drink", "health-claim")]
    [InlineData("👋 Tendrás ingresos   garantizados", "ingresos   garantizados", "income-claim")]
    [InlineData("Dinheiro fácil", "Dinheiro fácil", "income-claim")]
    [InlineData("Enjoy PASSIVE INCOME", "PASSIVE INCOME", "income-claim")]
    public void A_claim_is_shown_where_it_stands(string content, string words, string code)
    {
        var warning = Assert.Single(MessageText.Warnings(content));
        Assert.Equal((code, words), (warning.Code, content[warning.From..warning.To]));
    }

    [Theory]
    [InlineData("Hola {nombre_cliente}, ¿cómo estás?")]
    [InlineData("¿Te gustaría conocer nuestros productos para aumentar tu energía natural?")]
    [InlineData("Una charla sin compromiso sobre seguros, con procuración y seguridad.")]
    public void Plain_words_are_not_warned_of(string content) => Assert.Empty(MessageText.Warnings(content));

    [Theory]
    [InlineData("\uFFFE cura todo")]
    [InlineData("\uD83D cura todo")]
    [InlineData("a\u0301\u0301 cura todo")]
    [InlineData("\u0000 cura todo")]
    public void Characters_that_are_none_do_no_harm(string content) => Assert.Equal("cura todo", Quoted(content));

    [Fact]
    public void Warnings_come_in_order_of_appearance()
    {
        var warnings = MessageText.Warnings("Gana dinero. Cura todo. Llama al {telefono}");
        Assert.Equal(["income-claim", "health-claim", "telefono-is-the-clients"], warnings.Select(warning => warning.Code));
    }

    private static string Quoted(string content) => MessageText.Warnings(content) is [var one] ? content[one.From..one.To] : "";
}
