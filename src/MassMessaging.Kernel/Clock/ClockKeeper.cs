using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassMessaging.Kernel.Clock;

/// <summary>Measures the database's clock before anything else starts, and every few seconds from then on.</summary>
internal sealed class ClockKeeper(DatabaseClock clock, ILogger<ClockKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await clock.CarryOn(cancellationToken);
        await clock.Measure(cancellationToken); // Without it the node's own wall clock would grant slots.
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        do await Measure(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Measure(CancellationToken ct)
    {
        try
        {
            await clock.Measure(ct);
            await clock.Tell(ct);
        }
        catch (Exception e) when (!e.IsStop(ct)) // Monotonic time carries on until the database is back.
        {
            log.LogWarning("The database's clock could not be read ({Error})", e.GetType().Name);
        }
    }
}
