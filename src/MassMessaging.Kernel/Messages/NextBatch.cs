namespace MassMessaging.Kernel.Messages;

/// <summary>What a queue has to do next, in whichever way it is taken.</summary>
internal sealed class NextBatch(Claims claims, Handling handling, OneCommit oneCommit)
{
    /// <summary>Null when nothing is due.</summary>
    public async Task<FoundBatch?> Find(QueueOptions queue, CancellationToken ct)
    {
        if (oneCommit.IsOpen(queue) && await oneCommit.Take(queue, ct) is { } taken)
            return new(taken.Batch.Count, async abandon => !await oneCommit.Handle(taken, abandon)); // one that failed waits again

        var batch = await claims.Claim(queue, ct);
        oneCommit.Claimed(queue, batch.Count);
        if (batch.Count == 0) return null;

        return new(batch.Count, async abandon =>
        {
            await handling.Handle(batch, abandon);
            return batch.Any(held => held.IsOrdered); // the next of its key can go now
        });
    }
}

/// <param name="Handle">Answers whether there may be more, without a signal.</param>
internal sealed record FoundBatch(int Messages, Func<CancellationToken, Task<bool>> Handle);
