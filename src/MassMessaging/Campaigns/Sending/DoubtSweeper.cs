using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Runs <see cref="DoubtSweep"/> every second, its rarer parts every minute and every hour.</summary>
public sealed class DoubtSweeper(DoubtSweep sweep, ILogger<DoubtSweeper> log) : BackgroundService
{
    private const int RoundsAMinute = 60;
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
                if (round % RoundsAMinute == 0) await sweep.SettleFinished(stoppingToken);
                if (round % RoundsAnHour == 0) await sweep.DropOldReceipts(stoppingToken);
            }
            catch (Exception error) when (!error.IsStop(stoppingToken))
            {
                log.LogWarning(error, "Members without an outcome could not be looked at");
            }
        }
    }
}
