using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Templates;

namespace MassMessaging.Tests.Templates;

public sealed class MessageTextSpecs
{
    private static readonly MessageValues Values = new(
        "Ana", "+5491133334444", "Juan", "+5491155550000", "Seguros Sur",
        new DateTimeOffset(2026, 3, 1, 2, 5, 0, TimeSpan.Zero), "America/Argentina/Buenos_Aires");

    private static readonly string[] Nasty =
    [
        "{", "}", "{{", "}}", "{}", "$0", "$1", "\\", "\\d+", "(.*)", "[a-z]", "^", "|", "👩‍👩‍👧", "🎉", "مرحبا", "\u202Eevil\u202C", "Ñandú", "\n", " ", "<b>", "%s",
        "{telefono_asesor}", "{nombre_asesor}", "{nombre_cliente}", "{nadie}", "nombre_cliente", "Ana",
    ];

    [Fact]
    public void The_whole_token_is_replaced_braces_and_all() =>
        Assert.Equal("Hola Ana!", MessageText.Render("Hola {nombre_cliente}!", Values));

    [Fact]
    public void Every_variable_has_its_value() =>
        Assert.Equal(
            "Ana|Juan|+5491133334444|28/02/2026|23:05|+5491155550000|Seguros Sur",
            MessageText.Render(
                "{nombre_cliente}|{nombre_asesor}|{telefono}|{fecha_actual}|{hora_actual}|{telefono_asesor}|{nombre_negocio}", Values));

    [Fact]
    public void The_same_variable_is_replaced_wherever_it_stands() =>
        Assert.Equal("Ana, Ana", MessageText.Render("{nombre_cliente}, {nombre_cliente}", Values));

    [Fact]
    public void The_bare_word_is_left_alone() =>
        Assert.Equal("tu telefono es +5491133334444", MessageText.Render("tu telefono es {telefono}", Values));

    [Fact]
    public void An_unknown_time_zone_is_utc() =>
        Assert.Equal("01/03/2026 02:05", MessageText.Render("{fecha_actual} {hora_actual}", Values with { TimeZone = "Mars/Olympus" }));

    [Theory]
    [InlineData("America/Mexico_City", "28/02/2026 20:05")]
    [InlineData("America/Sao_Paulo", "28/02/2026 23:05")]
    [InlineData("Europe/Madrid", "01/03/2026 03:05")]
    [InlineData("Asia/Kathmandu", "01/03/2026 07:50")]
    [InlineData("Pacific/Kiritimati", "01/03/2026 16:05")]
    public void Date_and_time_are_those_of_the_profiles_zone(string zone, string expected) =>
        Assert.Equal(expected, MessageText.Render("{fecha_actual} {hora_actual}", Values with { TimeZone = zone }));

    [Theory]
    [InlineData("en-US")]
    [InlineData("pt-BR")]
    [InlineData("ar-SA")]
    [InlineData("th-TH")]
    [InlineData("fa-IR")]
    public void They_read_the_same_in_every_language(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            Assert.Equal("28/02/2026 23:05", MessageText.Render("{fecha_actual} {hora_actual}", Values));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_template_of_4096_characters_is_rendered_whole()
    {
        var content = "{nombre_cliente}" + new string('ñ', 4096 - 32) + "{nombre_cliente}";

        Assert.Equal("Ana" + new string('ñ', 4096 - 32) + "Ana", MessageText.Render(content, Values));
        Assert.Equal(["{nombre_cliente}"], MessageText.Variables(content));
    }

    [Fact]
    public void Variables_come_in_order_without_repeats() =>
        Assert.Equal(
            ["{telefono}", "{nombre_cliente}", "{apodo}"], MessageText.Variables("{telefono} {nombre_cliente} {telefono} {apodo}"));

    [Theory]
    [InlineData("{apodo}")]
    [InlineData("{Nombre_Cliente}")]
    [InlineData("{ nombre_cliente }")]
    [InlineData("{nombre-cliente}")]
    [InlineData("{teléfono}")]
    public void A_slip_is_named(string token) => Assert.Equal([token], MessageText.Unknown($"Hola {token}"));

    [Theory]
    [InlineData("{}")]
    [InlineData("{ }")]
    [InlineData("una { llave")]
    [InlineData("{dos palabras}")]
    [InlineData(":-{)")]
    public void Braces_without_a_name_are_text(string content) => Assert.Empty(MessageText.Variables(content));

    [Fact]
    public void Nothing_in_a_name_becomes_a_variable() =>
        Prop.ForAll(Texts(), name => MessageText.Render("<{nombre_cliente}>", Values with { ClientName = name }) == $"<{name}>")
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_name_of_200_characters_comes_whole() =>
        Assert.Equal(new string('ñ', 200), MessageText.Render("{nombre_cliente}", Values with { ClientName = new string('ñ', 200) }));

    [Fact]
    public void Text_around_the_variables_stays_as_it_is_whatever_the_values_hold()
    {
        string[] literals = [.. Nasty.Where(text => !text.Contains('_', StringComparison.Ordinal))];
        string[] tokens = [.. Variable.All.Select(variable => variable.Token)];
        var pieces = Gen.Elements([.. literals, .. tokens]).ListOf().ToArbitrary();
        Prop.ForAll(pieces, Texts(), (content, value) =>
        {
            var values = Values with { ClientName = value, AdvisorName = value, BusinessName = value };
            var expected = string.Concat(content.Select(piece => Variable.ValueOf(piece, values) ?? piece));
            return MessageText.Render(string.Concat(content), values) == expected;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_text_at_all_is_read_without_a_fault() =>
        Prop.ForAll<string>(text =>
        {
            var content = text ?? "";
            return MessageText.Render(content, Values) is not null
                && MessageText.Warnings(content).All(warning => warning.From >= 0 && warning.From < warning.To && warning.To <= content.Length);
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<string> Texts() => Gen.Elements(Nasty).ListOf().Select(pieces => string.Concat(pieces)).ToArbitrary();
}
