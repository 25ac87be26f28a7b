using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>Today's log of a campaign, walked beside an export of it.</summary>
public sealed class LogCursor(AuditTrail trail, StreamKey campaign, long until, CancellationToken ct) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<Chained<AuditLink>> events = trail.Pages(campaign, 0, until, ct).SelectMany(page => page).GetAsyncEnumerator(ct);
    private List<long>? skipped;
    private bool isAtNext;
    private bool isOver;

    /// <summary>The export's next event against the log's.</summary>
    /// <param name="seq">Of the export's.</param>
    /// <param name="isWhole">It fits its own hash: if the two differ, it is the log that was changed.</param>
    /// <param name="isSame">Whether the log's event is the same to the letter.</param>
    public async Task<FirstBad?> Compare(long seq, bool isWhole, Func<LoggedEvent, bool> isSame)
    {
        var next = await Peek();
        if (next is null || seq < next.Link.Seq) return new(seq, !isWhole ? "inserted" : await IsSkipped(seq) ? ProofSkip.Skipped : "log-removed");
        if (seq > next.Link.Seq) return new(next.Link.Seq, isWhole ? "log-inserted" : "removed");

        isAtNext = false;
        if (next.Event is null) return new(seq, "log-removed");
        return isSame(next.Event) ? null : new(seq, isWhole ? "log-changed" : "changed");
    }

    /// <summary>The next event up to a place that the export should have had; null if there is none.</summary>
    public async Task<long?> Next(long upTo) => await Peek() is { } next && next.Link.Seq <= upTo ? next.Link.Seq : null;

    /// <summary>Walks on; null at the end.</summary>
    public async Task<Chained<AuditLink>?> Read()
    {
        var next = await Peek();
        isAtNext = false;
        return next;
    }

    public async Task<FirstBad?> Inserted() => await trail.Strays(campaign, until, ct) is [var stray, ..] ? new(stray.Seq, "log-inserted") : null;

    /// <summary>An operator let the chain pass over it.</summary>
    public async Task<bool> IsSkipped(long seq) => (await Skips()).Contains(seq);

    /// <summary>The first event up to a place that the chain was let pass over; null if there is none.</summary>
    public async Task<long?> Skipped(long upTo) => await Skips() is [var first, ..] && first <= upTo ? first : null;

    public ValueTask DisposeAsync() => events.DisposeAsync();

    private async Task<List<long>> Skips() => skipped ??= [.. (await trail.Skipped(campaign, ct)).Select(one => one.Seq)];

    private async Task<Chained<AuditLink>?> Peek()
    {
        if (!isAtNext && !isOver) isOver = !(isAtNext = await events.MoveNextAsync());
        return isOver ? null : events.Current;
    }
}
