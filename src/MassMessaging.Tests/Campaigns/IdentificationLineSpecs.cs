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
}
