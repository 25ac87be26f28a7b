using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>
/// The chain's hashes, as docs/audit.md defines them: an event's is the SHA-256 of the one before in lower-case hex and of the event's
/// line without its hash in canonical JSON. The one before the first says whose chain it is.
/// </summary>
public static class ProofHash
{
    public const string Format = "massmessaging-proof-1";

    public static string Start(StreamKey campaign) => Of($"{Format} {campaign.Profile:D} {campaign.Id:D}");

    /// <param name="before">Hash of the campaign's event before, or <see cref="Start"/>.</param>
    /// <param name="line">The event's line of an export; its own hash, if it has one, is not looked at.</param>
    public static string Next(string before, JsonElement line) => Of(before + Canonical.Json(line, without: "hash"));

    public static string Next(string before, LoggedEvent stored, long? previousSeq)
    {
        using var line = JsonDocument.Parse(Line(stored, previousSeq, hash: null));
        return Next(before, line.RootElement);
    }

    public static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    /// <summary>The event's line of an export.</summary>
    public static string Line(LoggedEvent stored, long? previousSeq, string? hash)
    {
        var text = new StringBuilder(512).Append(CultureInfo.InvariantCulture, $"{{\"seq\":{stored.Seq},\"streamId\":\"{stored.StreamId:D}\"");
        text.Append(CultureInfo.InvariantCulture, $",\"version\":{stored.Version},\"type\":{Text(stored.Type)},\"at\":\"{Instant(stored.At)}\"");
        text.Append(CultureInfo.InvariantCulture, $",\"actor\":{Text(stored.Actor)},\"correlationId\":{Text(stored.CorrelationId)}");
        text.Append(CultureInfo.InvariantCulture, $",\"causationId\":{Text(stored.CausationId)},\"data\":{stored.Json}");
        text.Append(",\"previousSeq\":").Append(previousSeq is { } seq ? seq.ToString(CultureInfo.InvariantCulture) : "null");
        return text.Append(",\"hash\":").Append(Text(hash)).Append('}').ToString();
    }

    private static string Of(string text) => Hex(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(string? text) => JsonSerializer.Serialize(text, Http.JsonConventions.Options);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
