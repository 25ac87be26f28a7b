using System.Text.Json;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>
/// Checks an export line by line against its own hashes and, where there is one, against today's log; what is wrong first is named. Memory
/// does not grow with the export.
/// </summary>
/// <param name="logOf">Today's log of a campaign, or null if there is none to compare with.</param>
public sealed class ProofCheck(Func<StreamKey, Task<LogCursor?>> logOf)
{
    /// <summary>An export of ten million events has as many.</summary>
    private const int MostCheckpoints = 10_000;

    private readonly List<ProofMark> checkpoints = [];
    private readonly HashSet<long> asked = [];
    private readonly Dictionary<long, ProofMark> passed = [];
    private ProofMark? head;
    private LogCursor? log;
    private byte[] hash = [];
    private long? seq;
    private long events;
    private FirstBad? bad;
    private FirstBad? skipped;

    /// <exception cref="ProofFormatException">The lines are no proof.</exception>
    public async Task<ProofVerdict> Run(IAsyncEnumerable<JsonElement> lines)
    {
        var isFirst = true;
        await foreach (var line in lines)
        {
            var mark = ProofMark.Read(line);
            if (mark is { Kind: ProofMark.Head } && isFirst) await Begin(mark);
            else if (mark is { Kind: ProofMark.Checkpoint }) Keep(mark);
            else if (mark is not null) throw new ProofFormatException("A head stands in front, and once.");
            else if (head is null) throw new ProofFormatException("It does not begin with a head.");
            else if (ProofSkip.Is(line)) await Skip(Fields(line).Seq);
            else await Take(line);
            isFirst = isFirst && mark is { Kind: ProofMark.Checkpoint }; // kept ones may be put in front
        }

        if (head is not null) return await End(head);
        return checkpoints.Count > 0 ? await CheckpointCheck.Run(checkpoints, logOf) : throw new ProofFormatException("There is nothing in it.");
    }

    private void Keep(ProofMark checkpoint)
    {
        if (checkpoints.Count == MostCheckpoints) throw new ProofFormatException($"It has more than {MostCheckpoints} checkpoints.");
        checkpoints.Add(checkpoint);
        asked.Add(checkpoint.Seq);
    }

    private async Task Begin(ProofMark first)
    {
        (head, hash) = (first, ProofHash.Start(first.Campaign));
        log = await logOf(first.Campaign);
    }

    private async Task Take(JsonElement line)
    {
        events++;
        var (own, before, claimed) = Fields(line);
        if (bad is not null)
        {
            // What seemed to be gone stands further down.
            if (bad is { Problem: "removed" } && own == bad.Seq) bad = bad with { Problem = "reordered" };
            return;
        }

        var expected = ProofHash.Next(hash, line);
        var isWhole = ProofHash.Hex(expected) == claimed && before == seq;
        bad = (log is null ? null : await log.Compare(own, isWhole, stored => ProofHash.Next(hash, stored, before).AsSpan().SequenceEqual(expected)))
            ?? (isWhole ? null : Broken(line, own, before, claimed));
        (hash, seq) = (expected, own);
        if (events % ProofMark.Every == 0 || own == head!.Seq || asked.Contains(own))
            passed[own] = ProofMark.Of(ProofMark.Checkpoint, new AuditLink(head!.ProfileId, head.CampaignId, own, before, events, hash));
    }

    private async Task Skip(long own)
    {
        skipped ??= new(own, ProofSkip.Skipped);
        if (log is not null && !await log.IsSkipped(own)) bad ??= new(own, "inserted");
    }

    private FirstBad Broken(JsonElement line, long own, long? before, string? claimed) => true switch
    {
        _ when claimed is null => new(own, "inserted"),
        _ when own <= seq => new(own, "reordered"),
        _ when before > (seq ?? 0) && before < own && !IsOnlyItsLink(line, claimed) => new(before.Value, "removed"),
        _ => new(own, "changed"),
    };

    /// <summary>With the seq before it put right the line is whole: nothing is missing, only that was changed.</summary>
    private bool IsOnlyItsLink(JsonElement line, string claimed)
    {
        var mended = line.EnumerateObject().Where(member => member.Name != "previousSeq").ToDictionary(member => member.Name, member => member.Value);
        mended["previousSeq"] = JsonSerializer.SerializeToElement(seq);
        return ProofHash.Hex(ProofHash.Next(hash, JsonSerializer.SerializeToElement(mended))) == claimed;
    }

    private async Task<ProofVerdict> End(ProofMark first)
    {
        bad ??= await Missing(first) ?? Wrong(first, "head-wrong");
        foreach (var mark in checkpoints.OrderBy(mark => mark.Seq)) bad ??= Wrong(mark, "checkpoint-wrong");
        if (log is not null) bad ??= await log.Inserted();
        bad ??= skipped ?? (log is not null && await log.Skipped(first.Seq) is { } passedOver ? new(passedOver, ProofSkip.Skipped) : null);
        return new(bad is null, events, bad, log is not null);
    }

    private async Task<FirstBad?> Missing(ProofMark first) =>
        log is not null && await log.Next(first.Seq) is { } lost ? new(lost, "removed")
        : first.Seq > (seq ?? 0) ? new(first.Seq, "removed")
        : null;

    private FirstBad? Wrong(ProofMark mark, string problem) =>
        passed.TryGetValue(mark.Seq, out var own) && own == mark with { Kind = own.Kind } ? null : new(mark.Seq, problem);

    private static (long Seq, long? Before, string? Hash) Fields(JsonElement line)
    {
        if (!line.TryGetProperty("seq", out var seq) || seq.ValueKind != JsonValueKind.Number || !seq.TryGetInt64(out var own))
            throw new ProofFormatException("There is a line without the seq of an event.");

        var before = line.TryGetProperty("previousSeq", out var previous) && previous.ValueKind == JsonValueKind.Number
            && previous.TryGetInt64(out var named) ? named : (long?)null;
        return (own, before, line.TryGetProperty("hash", out var hash) && hash.ValueKind == JsonValueKind.String ? hash.GetString() : null);
    }
}
