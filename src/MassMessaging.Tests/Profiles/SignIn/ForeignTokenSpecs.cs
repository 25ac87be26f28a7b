using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using MassMessaging.Profiles.SignIn;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Profiles.ApiKeys;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Profiles.SignIn;

/// <summary>A service that takes the tokens of an external issuer.</summary>
public sealed class ServiceWithIssuer(TestCluster cluster) : IAsyncLifetime
{
    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    internal Issuer Issuer { get; private set; } = null!;

    internal TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Issuer = await Issuer.Start();
        App = await TestApp.Start(cluster, new TestAppOptions
        {
            Clock = Clock,
            Settings = new Dictionary<string, string> { ["Auth:Authority"] = Issuer.Url, ["Auth:Audience"] = Issuer.Audience },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}

/// <summary>Everything that such a token can have right or wrong.</summary>
public sealed class ForeignTokenSpecs(ServiceWithIssuer service, TestCluster cluster) : IClassFixture<ServiceWithIssuer>
{
    private const string Profile = "/api/profile";

    private readonly FakeTimeProvider clock = service.Clock;
    private readonly Issuer issuer = service.Issuer;
    private readonly TestApp app = service.App;

    [Fact]
    public async Task Its_subject_has_a_profile_of_its_own_beside_local_accounts_and_keys()
    {
        clock.Advance(IssuerKeys.BetweenRefreshes); // another spec may have had another key
        var profile = await app.With(Token()).Get(Profile);
        var again = await app.With(Token()).Get(Profile);
        var another = await app.With(Token(("sub", "auth0|luz"))).Get(Profile);
        var local = await app.Client();

        Assert.Equal("Ana Torres", profile.GetProperty("displayName").GetString());
        Assert.Equal(ForeignTokens.UserOf(issuer.Url, "auth0|ana"), profile.GetProperty("userId").GetGuid());
        Assert.Equal($"{profile}", $"{again}");
        Assert.NotEqual(profile.GetProperty("id").GetGuid(), another.GetProperty("id").GetGuid());
        Assert.Equal(HttpStatusCode.OK, (await local.GetAsync(Profile)).StatusCode);
        Assert.Equal(
            profile.GetProperty("id").GetGuid(), (await app.With(await app.With(Token()).HasKey(["read"])).Get(Profile)).GetProperty("id").GetGuid());
        Assert.Equal((404, "not-found"), await app.With(Token()).GetAsync("/api/auth/manage/info").Problem());
        foreach (var route in (string[])["info", "2fa"])
            Assert.Equal((404, "not-found"), await app.With(Token()).PostAsJsonAsync($"/api/auth/manage/{route}", new { }).Problem());
    }

    [Fact]
    public async Task A_subject_that_is_a_local_accounts_id_and_claims_that_are_ours_open_nothing()
    {
        clock.Advance(IssuerKeys.BetweenRefreshes);
        var local = await (await app.Client()).Get(Profile);
        var (user, profile) = (local.GetProperty("userId").GetString()!, local.GetProperty("id").GetString()!);

        var opened = await app.With(Token(
            ("sub", user), ("mass-messaging:profile", profile), ("nameid", user),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", user))).Get(Profile);

        Assert.NotEqual(profile, opened.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Whatever_is_wrong_with_a_token_it_is_refused()
    {
        clock.Advance(IssuerKeys.BetweenRefreshes);
        Assert.Equal(HttpStatusCode.OK, (await app.With(Token()).GetAsync(Profile)).StatusCode);
        var now = Now();
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = issuer.Url, ["aud"] = Issuer.Audience, ["sub"] = "auth0|ana", ["exp"] = now.AddMinutes(10).ToUnixTimeSeconds(),
        };
        var pem = Encoding.UTF8.GetBytes(issuer.Key.ExportSubjectPublicKeyInfoPem());
        var der = issuer.Key.ExportSubjectPublicKeyInfo();
        using var stranger = RSA.Create(2048);
        byte[] Strange(byte[] bytes) => stranger.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var right = Token();
        Dictionary<string, string> wrong = new()
        {
            ["no algorithm"] = Issuer.Signed("none", issuer.KeyId, claims, _ => []),
            ["HS256 with the public key as PEM"] = Issuer.Signed("HS256", issuer.KeyId, claims, bytes => HMACSHA256.HashData(pem, bytes)),
            ["HS256 with the public key as DER"] = Issuer.Signed("HS256", issuer.KeyId, claims, bytes => HMACSHA256.HashData(der, bytes)),
            ["another key under its id"] = Issuer.Signed("RS256", issuer.KeyId, claims, Strange),
            ["an unknown key"] = Issuer.Signed("RS256", "unknown", claims, Strange),
            ["another audience"] = Token(("aud", "another")),
            ["no audience"] = Token(("aud", null)),
            ["another issuer"] = Token(("iss", "https://evil.example.com")),
            ["no issuer"] = Token(("iss", null)),
            ["over"] = Token(("exp", now.AddSeconds(-90).ToUnixTimeSeconds())),
            ["no end"] = Token(("exp", null)),
            ["not yet"] = Token(("nbf", now.AddSeconds(120).ToUnixTimeSeconds())),
            ["no subject"] = Token(("sub", null)),
            ["changed"] = $"{right[..right.LastIndexOf('.')]}A{right[right.LastIndexOf('.')..]}",
            ["no signature"] = right[..(right.LastIndexOf('.') + 1)],
            ["nothing"] = "..",
        };

        foreach (var (what, token) in wrong)
            Assert.True(await app.With(token).GetAsync(Profile).Problem() == (401, "not-signed-in"), what);
        Assert.Equal(HttpStatusCode.OK, (await app.With(Token(("exp", now.AddSeconds(-20).ToUnixTimeSeconds()))).GetAsync(Profile)).StatusCode);
    }

    [Fact]
    public async Task A_new_key_is_learnt_and_made_up_key_ids_do_not_hammer_the_issuer()
    {
        clock.Advance(TimeSpan.FromHours(1)); // whatever was known, is read anew
        var before = Token();
        Assert.Equal(HttpStatusCode.OK, (await app.With(before).GetAsync(Profile)).StatusCode);
        var asked = issuer.Asked;
        issuer.Rotate();
        clock.Advance(IssuerKeys.BetweenRefreshes);

        Assert.Equal(HttpStatusCode.OK, (await app.With(Token()).GetAsync(Profile)).StatusCode);
        Assert.Equal((401, "not-signed-in"), await app.With(before).GetAsync(Profile).Problem());
        Assert.Equal(asked + 1, issuer.Asked);

        foreach (var number in Enumerable.Range(0, 20)) Assert.Equal((401, "not-signed-in"), await Forged($"made-up-{number}").Problem());
        Assert.Equal(asked + 1, issuer.Asked);

        clock.Advance(IssuerKeys.BetweenRefreshes);
        foreach (var number in Enumerable.Range(20, 20)) Assert.Equal((401, "not-signed-in"), await Forged($"made-up-{number}").Problem());
        Assert.Equal(asked + 2, issuer.Asked);
    }

    [Fact]
    public async Task A_key_that_the_issuer_withdrew_ends_within_the_hour()
    {
        clock.Advance(IssuerKeys.BetweenRefreshes); // another spec's key may be the last that was read
        var now = Now();
        var early = Token(("exp", now.AddHours(3).ToUnixTimeSeconds()));
        Assert.Equal(HttpStatusCode.OK, (await app.With(early).GetAsync(Profile)).StatusCode);
        issuer.Rotate();

        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((401, "not-signed-in"), await app.With(early).GetAsync(Profile).Problem());
    }

    [Fact]
    public async Task An_issuer_that_cannot_be_reached_opens_nothing_and_breaks_nothing()
    {
        await using var alone = await TestApp.Start(cluster, new TestAppOptions
        {
            Clock = clock,
            Settings = new Dictionary<string, string> { ["Auth:Authority"] = "http://127.0.0.1:1", ["Auth:Audience"] = Issuer.Audience },
        });

        Assert.Equal((401, "not-signed-in"), await alone.With(Token()).GetAsync(Profile).Problem());
        Assert.Equal(HttpStatusCode.OK, (await (await alone.Client()).GetAsync(Profile)).StatusCode);
    }

    private Task<HttpResponseMessage> Forged(string keyId) =>
        app.With(Issuer.Signed("RS256", keyId, new() { ["sub"] = "x" }, _ => new byte[256])).GetAsync(Profile);

    private DateTimeOffset Now() => clock.GetUtcNow();

    private string Token(params (string Claim, object? Value)[] other) => issuer.Token(Now(), other.ToDictionary(claim => claim.Claim, claim => claim.Value));
}
