using MassMessaging.Assistant.Budget;
using MassMessaging.Kernel;

namespace MassMessaging.Assistant.Memory;

/// <summary>
/// Texts of the log are for finding out what went wrong: they go after 90 days, the figures stay. So do answers that are not given again,
/// and reservations of nodes that died.
/// </summary>
public sealed class SweepAssistant(IStore store, DailyBudget budget)
{
    private const int Most = 5_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    private const string EraseTexts = """
        update assistant_log l set prompt = null, answer = null, objective = null, problems = '[]', erased_at = @now
        from (select profile_id, id from assistant_log
              where at < @before and (prompt is not null or answer is not null or objective is not null) limit @most) old
        where l.profile_id = old.profile_id and l.id = old.id
        """;

    private const string EraseVariations = """
        update assistant_variation v set text = null, objective = null
        from (select profile_id, id from assistant_variation where created_at < @before and (text is not null or objective is not null) limit @most) old
        where v.profile_id = old.profile_id and v.id = old.id
        """;

    private const string DropAnswers = "delete from assistant_cache where expires_at <= @now";

    public async Task RunOnce(CancellationToken ct)
    {
        await budget.ForgetExpired(ct);
        int changed;
        do
        {
            await using var session = store.Open(Origin.System);
            (string, object?)[] old = [("before", session.Now - KeptFor), ("most", Most)];
            changed = Math.Max(await session.Sql(EraseTexts, ct, [.. old, ("now", session.Now)]), await session.Sql(EraseVariations, ct, old));
            await session.Sql(DropAnswers, ct, ("now", session.Now));
            await session.Commit(ct);
        }
        while (changed == Most);
    }
}

/// <summary>Runs <see cref="SweepAssistant"/> at the start and every ten minutes.</summary>
public sealed class AssistantSweeper(SweepAssistant sweep, TimeProvider clock, ILogger<AssistantSweeper> log)
    : PeriodicService(TimeSpan.FromMinutes(10), "What the assistant kept could not be swept", log, clock)
{
    protected override Task Round(CancellationToken ct) => sweep.RunOnce(ct);
}
