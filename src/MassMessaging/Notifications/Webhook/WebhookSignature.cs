using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MassMessaging.Notifications.Webhook;

/// <summary>
/// The header by which a receiver knows that a notification is ours and fresh: <c>t=&lt;Unix seconds&gt;,v1=&lt;hex&gt;</c>, where v1 is
/// HMAC-SHA256 with the profile's secret over the time, a dot, and the body. Another scheme would be added as v2 beside it.
/// </summary>
public static class WebhookSignature
{
    public const string Header = "X-MassMessaging-Signature";

    public static string Of(string secret, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        mac.AppendData(Encoding.ASCII.GetBytes($"{time}."));
        mac.AppendData(body);
        return $"t={time},v1={Convert.ToHexStringLower(mac.GetHashAndReset())}";
    }
}
