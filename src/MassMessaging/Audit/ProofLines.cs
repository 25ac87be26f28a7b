using System.Text.Json;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>What a proof says about a chain up to an event: its first line (<c>head</c>), or a <c>checkpoint</c> to keep elsewhere.</summary>
/// <param name="Events">How many the campaign had.</param>
/// <param name="Seq">Of the last of them.</param>
/// <param name="Hash">Its hash.</param>
public sealed record ProofMark(string Kind, string Format, Guid ProfileId, Guid CampaignId, long Events, long Seq, string Hash)
{
    public const string Head = "head";
    public const string Checkpoint = "checkpoint";

    /// <summary>A checkpoint stands at every so manieth event, and at the last.</summary>
    public const int Every = 1_000;

    public StreamKey Campaign => new(ProfileId, CampaignId);

    public static ProofMark Of(string kind, AuditLink link) =>
        new(kind, ProofHash.Format, link.ProfileId, link.Id, link.Place, link.Seq, ProofHash.Hex(link.Hash));

    public string ToJson() => JsonSerializer.Serialize(this, Http.JsonConventions.Options);

    /// <summary>Null: it is no mark.</summary>
    /// <exception cref="ProofFormatException">It is one, and cannot be read.</exception>
    public static ProofMark? Read(JsonElement line)
    {
        if (!line.TryGetProperty("kind", out var kind) || kind.ValueKind != JsonValueKind.String || kind.GetString() is not (Head or Checkpoint))
            return null;

        try
        {
            var mark = line.Deserialize<ProofMark>(Http.JsonConventions.Options)!;
            return mark is { Format: ProofHash.Format, Hash: not null }
                ? mark
                : throw new ProofFormatException($"Its format is not {ProofHash.Format}.");
        }
        catch (JsonException)
        {
            throw new ProofFormatException("It has not the fields of a head or checkpoint.");
        }
    }
}

/// <summary>What a proof says of an event that the chain passed over, and does not vouch for.</summary>
/// <param name="SkippedBy"><c>user:&lt;id&gt;</c>.</param>
public sealed record ProofSkip(string Kind, long Seq, string Note, string SkippedBy, DateTimeOffset At)
{
    public const string Skipped = "skipped";

    public static ProofSkip Of(SkippedEvent skipped) => new(Skipped, skipped.Seq, skipped.Note, skipped.Actor, skipped.At);

    public static bool Is(JsonElement line) =>
        line.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals(Skipped);

    public string ToJson() => JsonSerializer.Serialize(this, Http.JsonConventions.Options);
}

/// <summary>What was given is no proof. The message is for a person, and quotes nothing.</summary>
public sealed class ProofFormatException(string message) : Exception(message);

/// <summary>A proof's JSON lines, one at a time, of any length together but not each.</summary>
public static class ProofLines
{
    public const int LongestLine = 1024 * 1024;

    // A name that stands twice has no canonical form.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="ProofFormatException">A line is too long or no JSON object; it is named.</exception>
    public static async IAsyncEnumerable<JsonElement> Read(
        System.IO.Pipelines.PipeReader reader, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var number = 1L; ;)
        {
            var read = await reader.ReadAsync(ct);
            var rest = read.Buffer;
            while (Line(ref rest, read.IsCompleted) is { } line)
            {
                if (line.Length > 0) yield return Parse(line, number);
                number++;
            }

            if (rest.Length > LongestLine) throw new ProofFormatException($"Line {number} is longer than 1 MiB.");
            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted) yield break;
        }
    }

    private static byte[]? Line(ref System.Buffers.ReadOnlySequence<byte> rest, bool isLast)
    {
        var end = System.Buffers.BuffersExtensions.PositionOf(rest, (byte)'\n');
        if (end is null && (!isLast || rest.IsEmpty)) return null;

        var line = System.Buffers.BuffersExtensions.ToArray(end is { } at ? rest.Slice(0, at) : rest);
        rest = end is { } found ? rest.Slice(rest.GetPosition(1, found)) : rest.Slice(rest.End);
        return line.AsSpan().Trim((byte)'\r').Trim((byte)' ').ToArray();
    }

    private static JsonElement Parse(byte[] line, long number)
    {
        try
        {
            using var parsed = JsonDocument.Parse(line, Strict);
            if (line.AsSpan().IndexOf("\\u"u8) >= 0) _ = Canonical.Json(parsed.RootElement); // throws if it escapes half of a sign
            if (parsed.RootElement.ValueKind == JsonValueKind.Object) return parsed.RootElement.Clone();
        }
        catch (Exception unread) when (unread is JsonException or InvalidOperationException)
        {
            // Said below: the line is named, never quoted.
        }

        throw new ProofFormatException($"Line {number} is no JSON object.");
    }
}
