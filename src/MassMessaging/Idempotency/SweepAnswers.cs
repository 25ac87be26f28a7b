using MassMessaging.Kernel;

namespace MassMessaging.Idempotency;

/// <summary>Removes what is older than 24 hours, every ten minutes.</summary>
internal sealed class SweepAnswers(IStore store, TimeProvider clock, ILogger<SweepAnswers> log) : BackgroundService
{
    private const string Delete = "delete from idempotent_request where claimed_at <= @old";

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    public async Task<int> RunOnce(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        var swept = await session.Sql(Delete, ct, ("old", session.Now - IdempotentRequests.KeptFor));
        await session.Commit(ct);
        return swept;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await RunOnce(stoppingToken);
            }
            catch (Exception failed) when (!failed.IsStop(stoppingToken))
            {
                log.LogWarning("Old answers could not be removed: {Error}", failed.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
