using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassMessaging.Tests.WhatsApp.Cloud;

namespace MassMessaging.Tests.WhatsApp;

/// <summary>What somebody might show who does not know an instance's secret, or shows it where it does not count.</summary>
internal static class Forgeries
{
    public const string Open = """{"event":"connection.update","data":{"state":"open"}}""";

    public static IEnumerable<string> Shown(string secret, string others, string globalKey, string instance) =>
    [
        "", secret[..^1], secret[1..], secret + "0", secret.ToUpperInvariant(), $"\"{secret}\"", $"{secret},{secret}", $"{secret}, x",
        $"Bearer {secret}", "null", "undefined", "true", "*", "%", "' or '1'='1", others, globalKey, instance,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), new string('0', secret.Length), new string('a', 10_000),
        .. Tokens(secret, globalKey, instance),
        .. Enumerable.Range(0, secret.Length / 2).Select(place => secret[..place] + (secret[place] == '0' ? '1' : '0') + secret[(place + 1)..]),
    ];

    public static IEnumerable<(string, string)> Elsewhere(string secret, string globalKey, string instance) =>
    [
        ("apikey", secret), ("apikey", globalKey), ("Authorization", $"Bearer {secret}"), ("Authorization", $"Bearer {globalKey}"),
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{instance}:{secret}"))}"),
        ("Cookie", $"X-Webhook-Secret={secret}"), ("X-Webhook-Secrets", secret), ("X_Webhook_Secret", secret), ("Webhook-Secret", secret),
        ("X-Forwarded-For", "127.0.0.1"), ("X-Hub-Signature-256", CloudAdvisor.Sign(Open, secret)),
        .. Tokens(secret, globalKey, instance).Select(token => ("Authorization", $"Bearer {token}")),
        .. Tokens(secret, globalKey, instance).Select(token => ("jwt_key", token)),
    ];

    /// <summary>JWTs as Evolution can sign them: whatever they say, here only the secret counts.</summary>
    private static IEnumerable<string> Tokens(string secret, string globalKey, string instance)
    {
        foreach (var (algorithm, key) in ((string, string)[])[("none", ""), ("None", ""), ("HS256", globalKey), ("HS256", instance), ("HS256", ""), ("HS256", secret), ("HS512", secret), ("RS256", secret)])
        {
            foreach (var expires in (long[])[1, 4_102_444_800])
            {
                var text = $"{Encoded(new { alg = algorithm, typ = "JWT" })}.{Encoded(new { iat = 1, exp = expires, app = "evolution", action = "webhook", instance })}";
                yield return algorithm is "none" or "None" ? $"{text}." : $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)))}";
            }
        }
    }

    private static string Encoded(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
