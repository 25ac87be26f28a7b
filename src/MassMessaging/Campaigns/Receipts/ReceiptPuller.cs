using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Receipts;

/// <summary>Runs <see cref="PullReceipts"/> every second: a run asks about a few messages of each number, and about none where pulling is off.</summary>
public sealed class ReceiptPuller(PullReceipts receipts, ILogger<ReceiptPuller> log)
    : PeriodicService(TimeSpan.FromSeconds(1), "Receipts could not be pulled", log, atStart: false)
{
    protected override Task Round(CancellationToken ct) => receipts.RunOnce(ct);
}
