namespace MassMessaging.Campaigns.Sending;

/// <summary>Runs <see cref="DoubtSweep"/> every second; receipts that nobody claims are dropped once an hour.</summary>
public sealed class DoubtSweeper(DoubtSweep sweep, ILogger<DoubtSweeper> log) : BackgroundService
{
    private const int RoundsAnHour = 3600;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        for (var round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
        {
            try
            {
                await sweep.RunOnce(stoppingToken);
                if (round % RoundsAnHour == 0) await sweep.DropOldReceipts(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Members without an outcome could not be looked at");
            }
        }
    }
}
