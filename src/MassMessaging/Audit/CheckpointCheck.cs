using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>Checkpoints that were kept elsewhere, without their events: today's log must still lead to them.</summary>
internal static class CheckpointCheck
{
    /// <exception cref="ProofFormatException">They are of several campaigns, or of none that can be looked at here.</exception>
    public static async Task<ProofVerdict> Run(IReadOnlyList<ProofMark> marks, Func<StreamKey, Task<LogCursor?>> logOf)
    {
        var campaign = marks[0].Campaign;
        if (marks.Any(mark => mark.Campaign != campaign)) throw new ProofFormatException("The checkpoints are of several campaigns.");
        if (await logOf(campaign) is not { } log)
            throw new ProofFormatException("Checkpoints without events are compared with the log, and there is none of this campaign here.");

        var (hash, seq, events, wanted) = (ProofHash.Start(campaign), (long?)null, 0L, new Queue<ProofMark>(marks.OrderBy(mark => mark.Seq)));
        while (wanted.TryPeek(out var mark) && await log.Read() is { } next)
        {
            events++;
            // The kept hash names the event where only the log was changed; where both were, the checkpoint still tells.
            if (next.Event is null) return Bad(next.Link.Seq, "log-removed");
            hash = ProofHash.Next(hash, next.Event, seq);
            seq = next.Link.Seq;
            if (!hash.AsSpan().SequenceEqual(next.Link.Hash)) return Bad(seq.Value, "log-changed");
            if (seq > mark.Seq) return Bad(mark.Seq, "checkpoint-wrong");

            while (wanted.TryPeek(out mark) && mark.Seq == seq)
            {
                if (mark.Hash != ProofHash.Hex(hash) || mark.Events != events) return Bad(mark.Seq, "checkpoint-wrong");
                _ = wanted.Dequeue();
            }
        }

        var bad = wanted.TryPeek(out var left) ? new FirstBad(left.Seq, "log-removed") : await log.Inserted();
        return new(bad is null, events, bad, ComparedWithLog: true);

        ProofVerdict Bad(long at, string problem) => new(Valid: false, events, new(at, problem), ComparedWithLog: true);
    }
}
