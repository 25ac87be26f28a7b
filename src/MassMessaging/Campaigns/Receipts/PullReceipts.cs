using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Receipts;

/// <summary>
/// Asks the gateway about messages of which nothing came back: webhooks are lost when we are away for longer than they are repeated. What
/// it says goes the way of the webhooks, so that order and repetition mean as little. Paced, and never while the number stands still.
/// </summary>
public sealed class PullReceipts(
    IStore store, ISentMessages gateway, IEnumerable<IReceiptSubscriber> subscribers, ReceiptPull pull, ILogger<PullReceipts> log)
{
    private const int LanesAtOnce = 4;
    private static readonly TimeSpan GatewayAway = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(1);
    private long? renewedAt;

    /// <summary>Answers how many messages were asked about.</summary>
    public async Task<int> RunOnce(CancellationToken ct)
    {
        if (pull.Ages.Count == 0) return 0;

        var asked = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = LanesAtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(await Due(ct), parallel, async (page, stop) =>
        {
            try
            {
                Interlocked.Add(ref asked, await Ask(page, stop));
            }
            catch (Exception error) when (!error.IsStop(stop))
            {
                log.LogWarning(error, "Receipts of campaign {CampaignId} could not be pulled", page.Campaign); // falls due again by itself
            }
        });
        return asked;
    }

    private async Task<IReadOnlyList<PullPage>> Due(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        var isOld = renewedAt is not { } last || store.Clock.GetElapsedTime(last) >= Renewal;
        if (isOld) await PullRounds.Renew(session, pull, ct);
        var due = await PullRounds.Due(session, pull, ct);
        await session.Commit(ct);
        if (isOld) renewedAt = store.Clock.GetTimestamp();
        return due;
    }

    private async Task<int> Ask(PullPage page, CancellationToken ct)
    {
        var receipts = new List<ReceiptArrived>();
        var asked = 0;
        foreach (var (_, instance, gatewayId) in page.Messages)
        {
            if (await gateway.Receipts(instance, gatewayId, ct) is not { } kinds) break;

            asked++;
            receipts.AddRange(Strongest(kinds).Select(kind =>
                new ReceiptArrived(instance, gatewayId, kind, store.Clock.GetUtcNow(), kind == ReceiptKind.Failed ? "gateway-error" : null)));
        }

        await Settle(page, asked, receipts, ct);
        return asked;
    }

    private async Task Settle(PullPage page, int asked, List<ReceiptArrived> receipts, CancellationToken ct)
    {
        await using var session = store.Open(new Origin("gateway"));
        if (receipts.Count > 0)
            foreach (var subscriber in subscribers) await subscriber.Receive(receipts, session, ct);

        var last = asked > 0 ? page.Messages[asked - 1].Member : (Guid?)null;
        if (asked < page.Messages.Count) await PullRounds.Continue(session, page, last, session.Now + GatewayAway, ct);
        else if (asked == PullRounds.PageSize) await PullRounds.Continue(session, page, last, session.Now, ct);
        else await PullRounds.Finish(session, page, session.Now + pull.Pause(page.Step), ct);
        await session.Commit(ct);
    }

    /// <summary>The gateway keeps every status that it ever had of a message, and one says more than those below it.</summary>
    private static IEnumerable<ReceiptKind> Strongest(IReadOnlyList<ReceiptKind> kinds) =>
        kinds.Contains(ReceiptKind.Delivered) || kinds.Contains(ReceiptKind.Read)
            ? kinds.Where(kind => kind is ReceiptKind.Delivered or ReceiptKind.Read).Order()
            : kinds;
}
