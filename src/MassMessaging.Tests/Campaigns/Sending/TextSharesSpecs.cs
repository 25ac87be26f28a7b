using MassMessaging.Campaigns.Sending;
using MassMessaging.WhatsApp;

namespace MassMessaging.Tests.Campaigns.Sending;

public sealed class TextSharesSpecs
{
    private static readonly DateTimeOffset Tomorrow = Facts.Noon.AddHours(12);
    private static readonly TextOf One = new(Guid.NewGuid(), null);
    private static readonly TextOf Other = new(Guid.NewGuid(), "A");

    [Theory]
    [InlineData("Hola {nombre_cliente}, ¡oferta 2x1! 🎉", "HOLA {telefono}: oferta 3 x 1")]
    [InlineData("Te espero mañana", "te espero manana 😀")]
    public void Texts_that_read_nearly_the_same_have_one_fingerprint(string text, string alike) =>
        Assert.Equal(TextShares.Fingerprint(text), TextShares.Fingerprint(alike));

    [Fact]
    public void Other_words_have_another() => Assert.NotEqual(TextShares.Fingerprint("Hola, oferta"), TextShares.Fingerprint("Hola, novedades"));

    [Fact]
    public void Below_the_sample_nothing_is_held()
    {
        var shares = Shares(one: 3, other: 0);

        Assert.Null(shares.Hold(One));
    }

    [Fact]
    public void Over_its_share_a_text_waits_for_tomorrow_and_others_go()
    {
        var shares = Shares(one: 3, other: 1);

        Assert.Equal(new MemberHold("similar-text", Tomorrow), shares.Hold(One));
        Assert.Null(shares.Hold(Other));
    }

    [Fact]
    public void Other_texts_bring_its_share_down()
    {
        var shares = Shares(one: 3, other: 1);

        for (var message = 0; message < 3; message++) shares.Grant(Other);

        Assert.Null(shares.Hold(One));
    }

    private static TextShares Shares(int one, int other) => new(
        new SimilarText(MinSample: 4, MaxShare: 0.5), Tomorrow, new Dictionary<TextOf, string> { [One] = "one", [Other] = "other" },
        new Dictionary<string, int> { ["one"] = one, ["other"] = other });
}
