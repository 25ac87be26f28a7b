using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MassMessaging.Simulator.Evolution;

/// <summary>
/// What a webhook's header `jwt_key` turns into: ten minutes of HS256, once per event: late retries carry an expired one.
/// </summary>
public static class Jwt
{
    private static readonly string Header = Encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8);

    public static string For(string key, DateTimeOffset now)
    {
        var issued = now.ToUnixTimeSeconds();
        var payload = JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("iat", issued);
            json.WriteNumber("exp", issued + 600);
            json.WriteString("app", "evolution");
            json.WriteString("action", "webhook");
            json.WriteEndObject();
        });
        var signed = $"{Header}.{Encoded(payload)}";
        return $"{signed}.{Encoded(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encoded(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
