using System.Runtime.CompilerServices;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>A campaign's history, complete up to the call, page by page: no statement or memory grows with it.</summary>
public sealed class AuditTrail(EventChains chains)
{
    private const int PageSize = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Where the log and the campaign's history end now. <c>Last</c> is null for what is not the profile's, or was never there.</summary>
    /// <exception cref="ProblemException">503: the history has not caught up with the log, and would not be complete.</exception>
    public async Task<(long LogEnd, AuditLink? Last)> End(StreamKey campaign, CancellationToken ct)
    {
        if (await chains.CatchUp<AuditLink>(Patience, ct) is not { } end)
        {
            throw new ProblemException(new Problem(
                503, "audit-behind", "The history has not caught up with the log: what it says now would not be complete.",
                RetryAfter: TimeSpan.FromSeconds(5)));
        }

        return (end, await chains.Last<AuditLink>(campaign, ct));
    }

    public Task<List<Chained<AuditLink>>> Page(StreamKey campaign, long after, long until, int most, CancellationToken ct) =>
        chains.Page<AuditLink>(campaign, after, until, most, ct);

    public async IAsyncEnumerable<IReadOnlyList<Chained<AuditLink>>> Pages(
        StreamKey campaign, long after, long until, [EnumeratorCancellation] CancellationToken ct)
    {
        List<Chained<AuditLink>> page;
        do
        {
            page = await chains.Page<AuditLink>(campaign, after, until, PageSize, ct);
            if (page.Count > 0) after = page[^1].Link.Seq;
            yield return page;
        }
        while (page.Count == PageSize);
    }

    /// <summary>The events as this version of the program understands them.</summary>
    public async IAsyncEnumerable<RecordedEvent> Recorded(StreamKey campaign, long until, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var page in Pages(campaign, 0, until, ct))
            foreach (var stored in page.Select(chained => chained.Event).OfType<LoggedEvent>())
                yield return chains.Recorded(campaign.Profile, stored);
    }

    /// <summary>Put into the log behind the chain's back; none, unless somebody with the database's own rights did.</summary>
    public async Task<List<LoggedEvent>> Strays(StreamKey campaign, long until, CancellationToken ct)
    {
        var skipped = (await Skipped(campaign, ct)).Select(one => one.Seq).ToHashSet();
        return [.. (await chains.Strays<AuditLink>(campaign, until, PageSize, ct)).Where(stray => !skipped.Contains(stray.Seq))];
    }

    /// <summary>What an operator let the chain pass over, with who did it, when and why.</summary>
    public Task<List<SkippedEvent>> Skipped(StreamKey campaign, CancellationToken ct) => chains.Skipped<AuditLink>(campaign, PageSize, ct);
}
