using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Runs <see cref="DoubtSweep"/> every second, its rarer parts every minute and every hour.</summary>
public sealed class DoubtSweeper(DoubtSweep sweep, ILogger<DoubtSweeper> log)
    : PeriodicService(TimeSpan.FromSeconds(1), "Members without an outcome could not be looked at", log, atStart: false)
{
    private const int RoundsAMinute = 60;
    private const int RoundsAnHour = 3600;

    private int rounds;

    protected override async Task Round(CancellationToken ct)
    {
        var round = rounds++;
        await sweep.RunOnce(ct);
        if (round % RoundsAMinute == 0) await sweep.SettleFinished(ct);
        if (round % RoundsAnHour == 0) await sweep.DropOldReceipts(ct);
    }
}
