using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Profiles.SignIn;

public sealed class SignInSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    private const string Password = "Una-frase-larga-1";

    [Fact]
    public async Task Who_registers_can_sign_in_without_a_confirmed_address()
    {
        var account = await Registered();

        using var signedIn = await Post("login", account);
        var tokens = await signedIn.Json();

        Assert.Equal("Bearer", tokens.GetProperty("tokenType").GetString());
        Assert.True(tokens.GetProperty("expiresIn").GetInt32() > 0);
        Assert.NotEmpty(tokens.GetProperty("refreshToken").GetString()!);
    }

    [Fact]
    public async Task A_refresh_token_answers_tokens_that_work()
    {
        var tokens = await SignedIn(await Registered());

        using var refreshed = await Post("refresh", new { refreshToken = tokens.GetProperty("refreshToken").GetString() });

        Assert.Equal(HttpStatusCode.OK, (await Profile((await refreshed.Json()).GetProperty("accessToken").GetString()!)).StatusCode);
    }

    [Fact]
    public async Task A_browser_may_sign_in_by_cookie()
    {
        using var signedIn = await Post("login?useCookies=true", await Registered());
        using var browser = app.Anonymous();
        browser.DefaultRequestHeaders.Add("Cookie", signedIn.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/profile")).StatusCode);
    }

    [Fact]
    public async Task A_made_up_refresh_token_is_refused() =>
        Assert.Equal((401, "not-signed-in"), await Post("refresh", new { refreshToken = "made-up" }).Problem());

    [Fact]
    public async Task A_weak_password_is_refused_with_every_rule_that_it_misses()
    {
        using var answer = await Post("register", new { email = "ana@example.com", password = "short" });
        var problem = await answer.ProblemBody();

        Assert.Equal("password-too-weak", problem.GetProperty("code").GetString());
        Assert.True(problem.GetProperty("errors").GetProperty("password").GetArrayLength() > 1);
    }

    [Fact]
    public async Task An_address_can_be_taken_once_however_it_is_written()
    {
        var email = (await Registered()).Email;

        Assert.Equal((400, "email-taken"), await Post("register", new { email = email.ToUpperInvariant(), password = Password }).Problem());
    }

    [Fact]
    public async Task Two_who_register_one_address_at_the_same_instant_get_one_account()
    {
        var account = new { email = NewEmail(), password = Password };

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Post("register", account)));

        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task What_is_no_address_is_refused() =>
        Assert.Equal((400, "email-invalid"), await Post("register", new { email = "nobody", password = Password }).Problem());

    [Fact]
    public async Task Missing_and_wrong_fields_are_all_named() =>
        Assert.Equal(["email", "password"], await Post("register", new { email = 5 }).WrongFields());

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_told_alike()
    {
        var account = await Registered();

        Assert.Equal((401, "sign-in-failed"), await Post("login", account with { Password = "Otra-frase-larga-1" }).Problem());
        Assert.Equal((401, "sign-in-failed"), await Post("login", account with { Email = NewEmail() }).Problem());
    }

    [Fact]
    public async Task Guessing_locks_the_account_also_for_the_right_password()
    {
        var account = await Registered();
        foreach (var _ in Enumerable.Range(0, 5)) await Post("login", account with { Password = "Otra-frase-larga-1" });

        Assert.Equal((401, "locked-out"), await Post("login", account).Problem());
    }

    [Fact]
    public async Task Without_mail_a_forgotten_password_cannot_be_reset() =>
        Assert.Equal((503, "mail-not-configured"), await Post("forgotPassword", new { email = "ana@example.com" }).Problem());

    [Fact]
    public async Task Tokens_survive_a_restart()
    {
        var token = Token(await SignedIn(await Registered()));

        await using var second = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["ConnectionStrings:Postgres"] = app.Database.ConnectionString },
        });
        using var client = second.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/profile")).StatusCode);
    }

    [Fact]
    public async Task A_token_ends()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var other = await TestApp.Start(cluster, new TestAppOptions { Clock = clock });
        var client = await other.Client();

        clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal((401, "not-signed-in"), await client.GetAsync("/api/profile").Problem());
    }

    [Fact]
    public async Task Sign_ins_from_one_address_are_limited()
    {
        await using var strict = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["SIGN_IN_LIMIT_PER_MINUTE"] = "2" },
        });
        using var client = strict.Anonymous();
        Task<HttpResponseMessage> Guess() => client.PostAsJsonAsync("/api/auth/login", new { email = "ana@example.com", password = "x" });
        await Guess();
        await Guess();

        using var third = await Guess();

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal("rate-limited", (await third.ProblemBody()).GetProperty("code").GetString());
        Assert.True(third.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    private static string NewEmail() => $"asesor-{Guid.NewGuid():n}@example.com";

    private static string Token(JsonElement tokens) => tokens.GetProperty("accessToken").GetString()!;

    private async Task<Credentials> Registered()
    {
        var account = new Credentials(NewEmail(), Password);
        Assert.Equal(HttpStatusCode.OK, (await Post("register", account)).StatusCode);
        return account;
    }

    private async Task<JsonElement> SignedIn(Credentials account) => await (await Post("login", account)).Json();

    private Task<HttpResponseMessage> Post(string route, object body) => app.Anonymous().PostAsJsonAsync($"/api/auth/{route}", body);

    private async Task<HttpResponseMessage> Profile(string token)
    {
        using var client = WithToken(token);
        return await client.GetAsync("/api/profile");
    }

    private HttpClient WithToken(string token)
    {
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private sealed record Credentials(string Email, string Password);
}
