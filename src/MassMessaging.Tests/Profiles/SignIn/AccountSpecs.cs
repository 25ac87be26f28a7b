using System.Net;
using System.Net.Http.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Profiles.SignIn;

public sealed class AccountSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Account = "/api/auth/manage/info";
    private const string New = "Otra-frase-larga-2";

    [Fact]
    public async Task The_account_tells_its_address()
    {
        var client = await app.Client();

        Assert.EndsWith("@example.com", (await client.Get(Account)).GetProperty("email").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_replaces_the_old_one()
    {
        var client = await app.Client();
        var email = (await client.Get(Account)).GetProperty("email").GetString();

        using var changed = await client.PostAsJsonAsync(Account, new { oldPassword = TestApp.Password, newPassword = New });

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal((401, "sign-in-failed"), await SignIn(email, TestApp.Password).Problem());
        Assert.Equal(HttpStatusCode.OK, (await SignIn(email, New)).StatusCode);
    }

    [Fact]
    public async Task The_old_password_must_be_right_to_set_a_new_one()
    {
        var client = await app.Client();

        var change = client.PostAsJsonAsync(Account, new { oldPassword = New, newPassword = New });

        Assert.Equal((400, "sign-in-failed"), await change.Problem());
    }

    [Fact]
    public async Task Two_factor_sign_in_hands_out_a_key_and_keeps_it_encrypted()
    {
        var client = await app.Client();

        using var answer = await client.PostAsJsonAsync("/api/auth/manage/2fa", new { });
        var key = (await answer.Json()).GetProperty("sharedKey").GetString()!;

        Assert.NotEmpty(key);
        Assert.Equal(0L, await app.Database.Value<long>($"select count(*) from account where authenticator_key = '{key}'"));
    }

    private Task<HttpResponseMessage> SignIn(string? email, string password) =>
        app.Anonymous().PostAsJsonAsync("/api/auth/login", new { email, password });
}
