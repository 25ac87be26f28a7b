using System.Net;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Profiles.ApiKeys;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Profiles.SignIn;

public sealed class IssuerKeysSpecs(TestCluster cluster)
{
    [Fact]
    public async Task An_issuer_that_publishes_nonsense_opens_nothing_and_breaks_nothing()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var nonsense = await Issuer.Start();
        await using var alone = await TestApp.Start(cluster, new TestAppOptions
        {
            Clock = clock,
            Settings = new Dictionary<string, string> { ["Auth:Authority"] = nonsense.Url, ["Auth:Audience"] = Issuer.Audience },
        });
        foreach (var published in (string[])
        [
            "{", "", "null", "[]", "\"keys\"", "<html>", """{"keys":{}}""", """{"keys":[{"kty":"oct","kid":"x","k":"AAAA"}],"keys":7}""",
            """{"keys":[null,7,"x",{},{"kty":7},{"kty":"RSA","kid":"x","n":"!!","e":1},{"kty":"EC","crv":"P-256","x":"\ud800"}]}""",
        ])
        {
            nonsense.Publishes = published;
            Assert.Equal((401, "not-signed-in"), await alone.With(nonsense.Token(clock.GetUtcNow())).GetAsync("/api/profile").Problem());
            clock.Advance(TimeSpan.FromHours(1));
        }

        nonsense.Publishes = null;
        Assert.Equal(HttpStatusCode.OK, (await alone.With(nonsense.Token(clock.GetUtcNow())).GetAsync("/api/profile")).StatusCode);
    }
}
