using System.Net;
using System.Net.Http.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Profiles.SignIn;

public sealed class TwoFactorSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string TwoFactor = "/api/auth/manage/2fa";

    [Fact]
    public async Task With_two_factors_a_password_alone_signs_nobody_in()
    {
        var (email, key, recovery) = await Enabled();
        async Task<HttpResponseMessage> SignIn(object proof) => await app.Anonymous().PostAsJsonAsync("/api/auth/login", proof);
        const string password = TestApp.Password;

        Assert.Equal((401, "two-factor-required"), await SignIn(new { email, password }).Problem());
        Assert.Equal((401, "sign-in-failed"), await SignIn(new { email, password, twoFactorCode = "abcdef" }).Problem());
        Assert.Equal(HttpStatusCode.OK, (await SignIn(new { email, password, twoFactorCode = Totp.Of(key, Now()) })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SignIn(new { email, password, twoFactorRecoveryCode = recovery })).StatusCode);
        Assert.Equal((401, "sign-in-failed"), await SignIn(new { email, password, twoFactorRecoveryCode = recovery }).Problem());
        Assert.Equal((401, "sign-in-failed"), await SignIn(new { email, password = "Otra-frase-9", twoFactorCode = Totp.Of(key, Now()) }).Problem());
    }

    [Fact]
    public async Task Guessing_codes_locks_the_account_too()
    {
        var (email, key, _) = await Enabled();
        const string password = TestApp.Password;
        foreach (var _ in Enumerable.Range(0, 5))
            await app.Anonymous().PostAsJsonAsync("/api/auth/login", new { email, password, twoFactorCode = "abcdef" });

        var right = app.Anonymous().PostAsJsonAsync("/api/auth/login", new { email, password, twoFactorCode = Totp.Of(key, Now()) });

        Assert.Equal((401, "locked-out"), await right.Problem());
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow(); // Identity knows no other clock

    private async Task<(string Email, string Key, string Recovery)> Enabled()
    {
        var client = await app.Client();
        var email = (await client.Get("/api/auth/manage/info")).GetProperty("email").GetString()!;
        using var offered = await client.PostAsJsonAsync(TwoFactor, new { });
        var key = (await offered.Json()).GetProperty("sharedKey").GetString()!;
        using var enabled = await client.PostAsJsonAsync(TwoFactor, new { enable = true, twoFactorCode = Totp.Of(key, Now()) });
        Assert.Equal(HttpStatusCode.OK, enabled.StatusCode);
        return (email, key, (await enabled.Json()).GetProperty("recoveryCodes")[0].GetString()!);
    }
}
