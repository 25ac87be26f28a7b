using System.Net;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Notifications.Webhook;

public sealed class ChangeWebhookSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Address = "/api/profile/webhook";
    private const string Secret = "0123456789abcdef";
    private const string Url = "https://1.1.1.1/hooks";

    [Fact]
    public async Task Without_one_everything_is_null()
    {
        var advisor = await Advisor.Of(app);

        Assert.Equal(
            """{"url":null,"secret":null,"hasSecret":false,"events":[],"lastDeliveredAt":null,"lastFailedAt":null,"lastFailure":null}""",
            (await advisor.Get(Address)).Body.GetRawText());
    }

    [Fact]
    public async Task The_secret_is_never_shown_and_not_kept_in_clear()
    {
        var advisor = await Advisor.Of(app);

        var set = await advisor.Put(Address, new { url = Url, secret = Secret, events = (string[])["lane-held"] });

        set.Is(HttpStatusCode.OK);
        Assert.True(set["hasSecret"].GetBoolean());
        Assert.Equal(set.Body.GetRawText(), (await advisor.Get(Address)).Body.GetRawText());
        Assert.DoesNotContain(Secret, set.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await app.Database.Value<long>($"select count(*) from notification_webhook where secret like '%{Secret}%'"));
    }

    [Fact]
    public async Task What_is_left_out_stays()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Put(Address, new { url = Url, secret = Secret, events = (string[])["lane-held"] });

        var moved = await advisor.Put(Address, new { url = "https://1.0.0.1/hooks" });
        var widened = await advisor.Put(Address, new { events = (string[]?)null });

        Assert.Equal("https://1.0.0.1/hooks", widened["url"].GetString());
        Assert.Equal("lane-held", Assert.Single(moved["events"].EnumerateArray()).GetString());
        Assert.Empty(widened["events"].EnumerateArray());
        Assert.True(widened["hasSecret"].GetBoolean());
    }

    [Fact]
    public async Task Url_null_turns_it_off_and_forgets_the_secret()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Put(Address, new { url = Url, secret = Secret });

        var off = await advisor.Put(Address, new { url = (string?)null });

        Assert.False(off["hasSecret"].GetBoolean());
        Assert.Equal(["secret"], (await advisor.Put(Address, new { url = Url })).WrongFields);
    }

    [Theory]
    [InlineData("http://1.1.1.1/hooks")]
    [InlineData("https://127.0.0.1/hooks")]
    [InlineData("https://10.0.0.1/hooks")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://[::1]/hooks")]
    [InlineData("https://[fd00::1]/hooks")]
    [InlineData("https://localhost/hooks")]
    [InlineData("https://user:pass@1.1.1.1/hooks")]
    [InlineData("not an address")]
    public async Task An_address_that_may_not_be_called_is_refused(string url)
    {
        var advisor = await Advisor.Of(app);

        var answer = await advisor.Put(Address, new { url, secret = Secret });

        answer.Is(HttpStatusCode.BadRequest, "webhook-url-refused");
        Assert.Equal(["url"], answer.WrongFields);
        Assert.Equal("""{"url":null""", (await advisor.Get(Address)).Body.GetRawText()[..11]);
    }

    [Fact]
    public async Task An_unknown_code_is_named()
    {
        var advisor = await Advisor.Of(app);

        var answer = await advisor.Put(Address, new { url = Url, secret = Secret, events = (string[])["lane-held", "lane-flies"] });

        answer.Is(HttpStatusCode.BadRequest, "notification-code-unknown");
        Assert.Contains("lane-flies", answer["errors"].GetProperty("events")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_wrong_is_named_at_once()
    {
        var advisor = await Advisor.Of(app);

        Assert.Equal(["secret", "url"], (await advisor.Put(Address, new { })).WrongFields);
        Assert.Equal(["events", "secret", "url"], (await advisor.Put(Address, new { url = 5, secret = "short", events = "all" })).WrongFields);
    }

    [Fact]
    public async Task Each_profile_has_its_own()
    {
        var (advisor, other) = (await Advisor.Of(app), await Advisor.Of(app));
        await advisor.Put(Address, new { url = Url, secret = Secret });

        Assert.False((await other.Get(Address))["hasSecret"].GetBoolean());
    }
}
