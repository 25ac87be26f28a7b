using MassMessaging.Kernel;

namespace MassMessaging.Idempotency;

/// <summary>Removes what is older than 24 hours, every ten minutes.</summary>
internal sealed class SweepAnswers(IStore store, TimeProvider clock, ILogger<SweepAnswers> log)
    : PeriodicService(TimeSpan.FromMinutes(10), "Old answers could not be removed", log, clock)
{
    private const string Delete = "delete from idempotent_request where claimed_at <= @old";

    public async Task<int> RunOnce(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        var swept = await session.Sql(Delete, ct, ("old", session.Now - IdempotentRequests.KeptFor));
        await session.Commit(ct);
        return swept;
    }

    protected override Task Round(CancellationToken ct) => RunOnce(ct);
}
