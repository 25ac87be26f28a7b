using Microsoft.Extensions.Logging;

namespace MassMessaging.Kernel.Clock;

/// <summary>Measures the database's clock before anything else starts, and every few seconds from then on.</summary>
internal sealed class ClockKeeper(DatabaseClock clock, ILogger<ClockKeeper> log)
    : PeriodicService(TimeSpan.FromSeconds(5), "The database's clock could not be read", log)
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await clock.CarryOn(cancellationToken);
        await clock.Measure(cancellationToken); // Without it the node's own wall clock would grant slots.
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Monotonic time carries on until the database is back.</summary>
    protected override async Task Round(CancellationToken ct)
    {
        await clock.Measure(ct);
        await clock.Tell(ct);
    }
}
