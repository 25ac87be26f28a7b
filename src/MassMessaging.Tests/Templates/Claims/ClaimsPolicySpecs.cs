using MassMessaging.Benchmarks.Claims;
using MassMessaging.Templates.Claims;

namespace MassMessaging.Tests.Templates.Claims;

public sealed class ClaimsPolicySpecs
{
    private const double Least = 0.95;

    public static TheoryData<string> Languages => ["es", "pt", "en"];

    [Fact]
    public void Precision_and_recall_are_high_on_sentences_that_the_rules_never_saw()
    {
        var score = ClaimScore.Of(ClaimsPolicy.Default, ClaimSet.HeldOut);

        Assert.True(score.Precision > Least && score.Recall > Least, $"precision {score.Precision}, recall {score.Recall}");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void And_over_all_sentences_in_every_language(string language)
    {
        var score = ClaimScore.Of(
            ClaimsPolicy.Default, ClaimSet.Development.Concat(ClaimSet.HeldOut).Where(sentence => sentence.Language == language));

        Assert.True(score.Precision > Least && score.Recall > Least, $"{language}: precision {score.Precision}, recall {score.Recall}");
    }

    [Fact]
    public void Half_of_the_sentences_are_innocent_and_none_stands_in_both_halves()
    {
        var all = ClaimSet.Development.Concat(ClaimSet.HeldOut).ToList();

        Assert.True(all.Count >= 300);
        Assert.InRange(all.Count(sentence => sentence.Category is null), all.Count * 45 / 100, all.Count * 55 / 100);
        Assert.Equal(all.Count, all.DistinctBy(sentence => sentence.Text).Count());
        Assert.Equal(["cure", "income", "medical", "result"], all.Select(sentence => sentence.Category).OfType<string>().Distinct().Order());
    }

    [Theory]
    [InlineData("Este té CURA la DIABETES")]
    [InlineData("este te cúrá la díabetes")]
    [InlineData("Este té cur4 la d1abet3s")]
    [InlineData("Este té c u r a la d i a b e t e s")]
    [InlineData("Este té c.u.r.a la d-i-a-b-e-t-e-s")]
    [InlineData("Este té c*u*r*a la diabetes")]
    [InlineData("Este té cu\u200Bra la dia\u00ADbetes")]
    [InlineData("Este té сurа la diаbеtеs")] // Cyrillic letters
    [InlineData("Este té ｃｕｒａ la diabetes")]
    [InlineData("Este té 𝐜𝐮𝐫𝐚 la 𝒅𝒊𝒂𝒃𝒆𝒕𝒆𝒔")]
    [InlineData("Este té curaaaa la diabeeetes")]
    [InlineData("Este té cura\u0301 la diabetes")]
    [InlineData("Este té cu❤ra la diabetes")]
    [InlineData("Este té cura\tla\u00A0diabetes")]
    public void A_disguise_does_not_help(string text) => Assert.Equal("cure", Assert.Single(ClaimsPolicy.Default.In(text)).Category);

    [Theory]
    [InlineData("Este té no te va a curar la diabetes")]
    [InlineData("No es un medicamento, no cura la diabetes ni la artritis")]
    [InlineData("Nunca te prometeríamos ni prometemos ganar dinero")]
    [InlineData("Sin garantía de ingresos")]
    [InlineData("Este producto não cura a diabetes")]
    [InlineData("It won't cure diabetes")]
    [InlineData("It does not treat, cure or prevent any disease")]
    public void What_is_denied_is_no_claim(string text) => Assert.Empty(ClaimsPolicy.Default.In(text));

    [Theory]
    [InlineData("No solo alivia: este té cura la diabetes")]
    [InlineData("No esperes más, baja 10 kilos")]
    [InlineData("No te prometo milagros, pero este té cura la diabetes")]
    [InlineData("Sin dieta baja 10 kilos")]
    [InlineData("It not only cures diabetes")]
    public void A_denial_of_something_else_does_not_hide_a_claim(string text) => Assert.NotEmpty(ClaimsPolicy.Default.In(text));

    [Fact]
    public void A_claim_is_found_where_it_stands()
    {
        const string Text = "👋 Hola {nombre_cliente}: c\u200Bu\u200Br\u200Ba la diabetes, ¿sí?";
        var claim = Assert.Single(ClaimsPolicy.Default.In(Text));

        Assert.Equal("c\u200Bu\u200Br\u200Ba la diabetes", Text[claim.From..claim.To]);
    }

    [Fact]
    public void A_policy_takes_further_rules()
    {
        var policy = ClaimsPolicy.Default.With("@brand = herbal* nutri*\nmedical: mejor|best ~2 @brand\nallow: mejor ~2 nutrida");

        Assert.Equal("medical", Assert.Single(policy.In("La mejor línea Herbalix")).Category);
        Assert.Empty(policy.In("La mejor mesa nutrida"));
        Assert.Empty(ClaimsPolicy.Default.In("La mejor línea Herbalix"));
        Assert.Throws<FormatException>(() => ClaimsPolicy.Default.With("nonsense"));
    }

    [Theory]
    [InlineData("\uD83D")]
    [InlineData("\uFFFE\uFFFF\u0000")]
    [InlineData("¿¡.,;:!?…")]
    [InlineData("$ $ $ % % %")]
    [InlineData("")]
    public void What_is_no_text_does_no_harm(string text) => Assert.Empty(ClaimsPolicy.Default.In(text));

    [Theory]
    [InlineData("el ")]
    [InlineData("a ")]
    [InlineData("no ")]
    [InlineData("diabetes ")]
    [InlineData("gana dinero ")]
    [InlineData("...")]
    [InlineData("c.")]
    public void The_most_repetitive_text_is_read_in_the_end(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 4096 / piece.Length));

        Assert.InRange(ClaimsPolicy.Default.In(text).Count, 0, text.Length);
    }
}
