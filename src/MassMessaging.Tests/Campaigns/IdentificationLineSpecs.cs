using MassMessaging.Campaigns;
using MassMessaging.Templates;

namespace MassMessaging.Tests.Campaigns;

public sealed class IdentificationLineSpecs
{
    private static readonly MessageValues Ana =
        new("Beto {nombre_negocio}", "+5491155000000", "Ana", "+5491166000000", "Vida Sana", Facts.Noon, "UTC");

    [Theory]
    [InlineData("— {nombre_asesor}, {nombre_negocio}", "— Ana, Vida Sana", "— Ana")]
    [InlineData("{nombre_asesor} ({nombre_negocio})", "Ana (Vida Sana)", "Ana")]
    [InlineData("Soy {nombre_asesor} de {nombre_negocio}.", "Soy Ana de Vida Sana.", "Soy Ana.")]
    [InlineData("{nombre_negocio} | {nombre_asesor}", "Vida Sana | Ana", "Ana")]
    [InlineData("{nombre_negocio}", "Vida Sana", null)]
    [InlineData("Escribe {nombre_asesor}", "Escribe Ana", "Escribe Ana")]
    public void A_missing_business_leaves_no_hole(string text, string withBusiness, string? without)
    {
        Assert.Equal(withBusiness, IdentificationLine.Of(text, Ana));
        Assert.Equal(without, IdentificationLine.Of(text, Ana with { BusinessName = "" }));
    }

    [Fact]
    public void It_stands_on_a_line_of_its_own() =>
        Assert.Equal("Hola\n— Ana, Vida Sana", IdentificationLine.Under("Hola", "— {nombre_asesor}, {nombre_negocio}", Ana));

    [Fact]
    public void Switched_off_there_is_none() => Assert.Equal("Hola", IdentificationLine.Under("Hola", null, Ana));

    [Fact]
    public void A_name_injects_no_variable() => Assert.Equal("A Beto {nombre_negocio}", IdentificationLine.Of("A {nombre_cliente}", Ana));

    [Theory]
    [InlineData(4090, true)]
    [InlineData(4091, false)]
    [InlineData(4096, false)]
    public void A_message_that_would_pass_4096_characters_with_it_goes_whole_and_without(int length, bool fits)
    {
        var message = new string('x', length);
        Assert.Equal(fits ? $"{message}\n— Ana" : message, IdentificationLine.Under(message, "— {nombre_asesor}", Ana));
    }

    [Fact]
    public void A_text_that_leaves_no_room_for_it_is_warned_of_text_by_text()
    {
        var (text, room) = (new string('x', 4090), "— Ana");
        var variants = new Variant[] { new("Corta", 50, "Hola"), new("Larga", 50, text + "xx") };

        Assert.Empty(new CampaignText("Marzo", "ventas", text, Identification: room).Warnings());
        Assert.Empty(new CampaignText("Marzo", "ventas", text + "xxxxxx").Warnings());
        var warning = Assert.Single(new CampaignText("Marzo", "ventas", text + "x", Identification: room).Warnings());
        Assert.Equal(("identification-does-not-fit", 0, 4091, null), (warning.Code, warning.From, warning.To, warning.Source));
        var ofVariant = Assert.Single(new CampaignText("Marzo", "ventas", "Hola", Variants: variants, Identification: room).Warnings());
        Assert.Equal("variant:Larga", ofVariant.Source);
    }
}
