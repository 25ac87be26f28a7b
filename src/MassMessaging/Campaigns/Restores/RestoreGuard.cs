using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Restores;

/// <summary>
/// Runs <see cref="HoldRestored"/> before anything else may send, and with <see cref="CheckRestored"/> every five seconds: the database may
/// be restored, or fail over, behind nodes that run.
/// </summary>
public sealed class RestoreGuard(HoldRestored hold, CheckRestored check, TimeProvider clock, ILogger<RestoreGuard> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
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
            log.LogWarning("It could not be noted that this node stopped in good order ({Error})", error.GetType().Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await hold.RunOnce(stoppingToken);
                await check.RunOnce(stoppingToken);
            }
            catch (Exception error) when (!error.IsStop(stoppingToken))
            {
                log.LogWarning(error, "It could not be looked at whether the database was restored");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
