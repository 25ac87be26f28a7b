using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Profiles.ApiKeys;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Profiles.SignIn;

public sealed class RevocationSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    private const string New = "Otra-frase-larga-2";

    [Fact]
    public async Task A_new_password_ends_the_refresh_tokens_from_before()
    {
        var account = await Registered(app);
        var tokens = await SignedIn(app, account);
        using var client = app.With(tokens.GetProperty("accessToken").GetString()!);

        using var changed = await client.PostAsJsonAsync(
            "/api/auth/manage/info", new { oldPassword = TestApp.Password, newPassword = New });

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var refresh = app.Anonymous().PostAsJsonAsync("/api/auth/refresh", new { refreshToken = tokens.GetProperty("refreshToken").GetString() });
        Assert.Equal((401, "not-signed-in"), await refresh.Problem());
    }

    [Fact]
    public async Task A_new_password_ends_the_cookies_from_before_within_a_minute()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var other = await TestApp.Start(cluster, new TestAppOptions { Clock = clock });
        var account = await Registered(other);
        using var signedIn = await other.Anonymous().PostAsJsonAsync("/api/auth/login?useCookies=true", account);
        using var browser = other.Anonymous();
        browser.DefaultRequestHeaders.Add("Cookie", signedIn.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/profile")).StatusCode);

        using var changer = other.With((await SignedIn(other, account)).GetProperty("accessToken").GetString()!);
        await changer.PostAsJsonAsync("/api/auth/manage/info", new { oldPassword = TestApp.Password, newPassword = New });
        clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal((401, "not-signed-in"), await browser.GetAsync("/api/profile").Problem());
    }

    [Fact]
    public async Task A_lock_ends_by_itself()
    {
        var account = await Registered(app);
        foreach (var _ in Enumerable.Range(0, 5))
            await app.Anonymous().PostAsJsonAsync("/api/auth/login", account with { Password = New });
        Assert.Equal((401, "locked-out"), await app.Anonymous().PostAsJsonAsync("/api/auth/login", account).Problem());

        await app.Database.Execute($"update account set lockout_end = lockout_end - interval '6 minutes' where email = '{account.Email}'");

        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().PostAsJsonAsync("/api/auth/login", account)).StatusCode);
    }

    [Fact]
    public async Task An_address_without_an_account_is_locked_as_one_with_an_account_is()
    {
        var known = await Registered(app);

        var ofKnown = await Guesses(known.Email);
        var ofUnknown = await Guesses($"{Guid.NewGuid():n}@example.com");

        Assert.Equal(["sign-in-failed", "sign-in-failed", "sign-in-failed", "sign-in-failed", "locked-out", "locked-out", "locked-out"], ofKnown);
        Assert.Equal(ofKnown, ofUnknown);
    }

    [Fact]
    public async Task Who_forgot_a_password_is_told_the_same_whether_there_is_an_account_or_not()
    {
        await using var mailing = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["SMTP_URL"] = "smtp://127.0.0.1:1", ["MAIL_FROM"] = "no-reply@example.com" },
        });
        var account = await Registered(mailing);
        await mailing.Database.Execute("update account set email_confirmed = true");

        foreach (var email in (string[])[account.Email, "nobody@example.com"])
        {
            using var answer = await mailing.Anonymous().PostAsJsonAsync("/api/auth/forgotPassword", new { email });
            Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
            var reset = mailing.Anonymous().PostAsJsonAsync("/api/auth/resetPassword", new { email, resetCode = "bWFkZS11cA", newPassword = New });
            Assert.Equal((400, "token-invalid"), await reset.Problem());
        }
    }

    private async Task<IReadOnlyList<string>> Guesses(string email)
    {
        var codes = new List<string>();
        foreach (var _ in Enumerable.Range(0, 7))
            codes.Add((await app.Anonymous().PostAsJsonAsync("/api/auth/login", new Credentials(email, New)).Problem()).Code);
        return codes;
    }

    private static async Task<Credentials> Registered(TestApp service)
    {
        var account = new Credentials($"{Guid.NewGuid():n}@example.com", TestApp.Password);
        using var registered = await service.Anonymous().PostAsJsonAsync("/api/auth/register", account);
        Assert.Equal(HttpStatusCode.OK, registered.StatusCode);
        return account;
    }

    private static async Task<JsonElement> SignedIn(TestApp service, Credentials account)
    {
        using var signedIn = await service.Anonymous().PostAsJsonAsync("/api/auth/login", account);
        return await signedIn.Json();
    }

    private sealed record Credentials(string Email, string Password);
}
