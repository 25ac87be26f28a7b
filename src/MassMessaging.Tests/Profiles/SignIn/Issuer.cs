using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MassMessaging.Tests.Profiles.SignIn;

/// <summary>A small OpenID Connect issuer: its discovery document, its public keys, and tokens as right or wrong as a spec wants.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string Audience = "mass-messaging";

    private readonly WebApplication app;
    private readonly List<(string Id, RSA Key)> keys = [];
    private int asked;

    private Issuer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(Answer);
        Rotate();
    }

    public string Url => app.Urls.First();

    /// <summary>Instead of its public keys; null: they themselves.</summary>
    public string? Publishes { get; set; }

    /// <summary>How often its keys were fetched.</summary>
    public int Asked => asked;

    public RSA Key => keys[^1].Key;

    public string KeyId => keys[^1].Id;

    public static async Task<Issuer> Start()
    {
        var issuer = new Issuer();
        await issuer.app.StartAsync();
        return issuer;
    }

    /// <summary>From now on another key; the former is gone.</summary>
    public void Rotate()
    {
        lock (keys)
        {
            keys.Clear();
            keys.Add(($"key-{Guid.NewGuid():n}", RSA.Create(2048)));
        }
    }

    /// <summary>As it should be, unless the claims say otherwise.</summary>
    public string Token(DateTimeOffset now, Dictionary<string, object?>? other = null)
    {
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Url, ["aud"] = Audience, ["sub"] = "auth0|ana", ["email"] = "ana.torres@example.com",
            ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.AddMinutes(10).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in other ?? []) claims[name] = value;
        return Signed("RS256", KeyId, claims, bytes => Key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static string Signed(string algorithm, string keyId, Dictionary<string, object?> claims, Func<byte[], byte[]> sign)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm, kid = keyId, typ = "JWT" });
        var body = claims.Where(claim => claim.Value is not null).ToDictionary(claim => claim.Key, claim => claim.Value);
        var text = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(body))}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private Task Answer(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        if (context.Request.Path == "/.well-known/openid-configuration")
            return context.Response.WriteAsync(JsonSerializer.Serialize(new { issuer = Url, jwks_uri = $"{Url}/keys" }));

        Interlocked.Increment(ref asked);
        if (Publishes is { } other) return context.Response.WriteAsync(other);

        lock (keys)
        {
            var published = keys.Select(key => (key.Id, Public: key.Key.ExportParameters(includePrivateParameters: false))).Select(key => new
            {
                kty = "RSA", use = "sig", alg = "RS256", kid = key.Id,
                n = Base64Url.EncodeToString(key.Public.Modulus), e = Base64Url.EncodeToString(key.Public.Exponent),
            });
            return context.Response.WriteAsync(JsonSerializer.Serialize(new { keys = published }));
        }
    }
}
