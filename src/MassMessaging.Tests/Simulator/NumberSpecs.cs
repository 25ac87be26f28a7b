using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Tests.Simulator;

public sealed class NumberSpecs
{
    [Theory]
    [InlineData("5491133334444", "541133334444@s.whatsapp.net")]
    [InlineData("5215512345678", "525512345678@s.whatsapp.net")]
    [InlineData("5531987654321", "553187654321@s.whatsapp.net")]
    [InlineData("5511987654321", "5511987654321@s.whatsapp.net")]
    [InlineData("5531937654321", "5531937654321@s.whatsapp.net")]
    [InlineData("34600110000", "34600110000@s.whatsapp.net")]
    [InlineData("+34 600 11-00-00", "34600110000@s.whatsapp.net")]
    [InlineData("120363041234567890", "120363041234567890@g.us")]
    [InlineData("185031603552434@lid", "185031603552434@lid")]
    public void A_number_is_rewritten_as_the_gateway_does(string number, string jid) => Assert.Equal(jid, Jid.Of(number));

    [Theory]
    [InlineData("5491133334444", "5491133334444@s.whatsapp.net")]
    [InlineData("541133334444", "5491133334444@s.whatsapp.net")]
    [InlineData("525512345678", "5215512345678@s.whatsapp.net")]
    [InlineData("5531987654321", "553187654321@s.whatsapp.net")]
    public void WhatsApp_answers_with_its_own_spelling(string number, string jid) => Assert.Equal(jid, WhatsAppNumber.Asked(number).Jid);

    [Fact]
    public async Task The_check_answers_in_the_order_asked()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.Post("/chat/whatsappNumbers/advisor-0042", """{"numbers":["5491133334444","123"]}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            """[{"jid":"5491133334444@s.whatsapp.net","exists":true,"number":"5491133334444"},{"jid":"123@s.whatsapp.net","exists":false,"number":"123"}]""",
            answer.Text);
    }

    [Fact]
    public async Task A_closed_socket_answers_the_check_with_a_bare_Boom_unless_every_number_is_known()
    {
        await using var gateway = await SimulatedGateway.Open();
        await gateway.SendText();
        await gateway.Delete("/instance/logout/advisor-0042");

        var unknown = await gateway.Post("/chat/whatsappNumbers/advisor-0042", """{"numbers":["34600110000"]}""");
        var known = await gateway.Post("/chat/whatsappNumbers/advisor-0042", """{"numbers":["5491133334444"]}""");

        Assert.Equal(428, unknown.Json.GetProperty("output").GetProperty("statusCode").GetInt32());
        Assert.Equal((400, 200), (unknown.Status, known.Status));
    }
}
