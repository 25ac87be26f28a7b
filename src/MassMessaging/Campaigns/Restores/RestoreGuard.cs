using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Restores;

/// <summary>
/// Runs <see cref="HoldRestored"/> before anything else may send, and with <see cref="CheckRestored"/> every five seconds: the database may
/// be restored, or fail over, behind nodes that run.
/// </summary>
public sealed class RestoreGuard(HoldRestored hold, CheckRestored check, TimeProvider clock, ILogger<RestoreGuard> log)
    : PeriodicService(TimeSpan.FromSeconds(5), "It could not be looked at whether the database was restored", log, clock)
{
    private static readonly TimeSpan SignOffLimit = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await hold.AtStart(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(SignOffLimit);
        await base.StopAsync(limit.Token);
        try
        {
            await hold.SignOff(limit.Token);
        }
        catch (Exception error) // A start after START_GRACE_MINUTES takes it for a restore then, and asks a person.
        {
            Log.LogWarning("It could not be noted that this node stopped in good order ({Error})", error.GetType().Name);
        }
    }

    protected override async Task Round(CancellationToken ct)
    {
        await hold.RunOnce(ct);
        await check.RunOnce(ct);
    }
}
