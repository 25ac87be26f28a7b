using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Receipts;

/// <summary>Runs <see cref="PullReceipts"/> every second: a run asks about a few messages of each number.</summary>
public sealed class ReceiptPuller(PullReceipts receipts, ReceiptPull pull, ILogger<ReceiptPuller> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (pull.Ages.Count == 0) return;

        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await receipts.RunOnce(stoppingToken);
            }
            catch (Exception error) when (!error.IsStop(stoppingToken))
            {
                log.LogWarning(error, "Receipts could not be pulled");
            }
        }
    }
}
