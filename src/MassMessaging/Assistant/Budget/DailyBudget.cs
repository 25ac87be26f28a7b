using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Assistant.Budget;

/// <summary>What one call may cost at most, held until it is settled.</summary>
public sealed record Reservation(Guid Profile, Guid Id, DateOnly Day, int Tokens, decimal Cost);

/// <summary>
/// What a profile may spend on a day of its time zone, in tokens and in money. A call is reserved with all that it can cost before it is
/// made, and settled with what it did cost: however many run at once, on however many nodes, the day's sum never passes the budget.
/// </summary>
public sealed class DailyBudget(IStore store, AssistantOptions options)
{
    // The row's lock makes one of many decide at a time, and the condition is asked of the row as the one before left it.
    private const string Reserve = """
        with taken as (
            insert into assistant_budget as day_so_far (profile_id, day, tokens, cost)
            select @profile, @day, @tokens, @cost where @tokens <= @mostTokens and @cost <= @mostCost
            on conflict (profile_id, day) do update
            set tokens = day_so_far.tokens + excluded.tokens, cost = day_so_far.cost + excluded.cost
            where day_so_far.tokens + excluded.tokens <= @mostTokens and day_so_far.cost + excluded.cost <= @mostCost
            returning day)
        insert into assistant_reservation (profile_id, id, day, tokens, cost, expires_at)
        select @profile, @id, day, @tokens, @cost, @expires from taken
        """;

    // One that has expired stays spent in full: whoever settles it late has nothing to add.
    private const string Settled = """
        with settled as (
            delete from assistant_reservation where profile_id = @profile and id = @id returning tokens, cost)
        update assistant_budget b
        set tokens = b.tokens - settled.tokens + @tokens, cost = b.cost - settled.cost + @cost
        from settled where b.profile_id = @profile and b.day = @day
        """;

    private const string DropExpired = "delete from assistant_reservation where expires_at <= @now";

    private const string Spent = "select tokens, cost from assistant_budget where profile_id = @profile and day = @day";

    /// <summary>Longer than any call: nobody settles after it.</summary>
    private TimeSpan Lifetime => (options.Timeout * 2) + TimeSpan.FromMinutes(1);

    /// <exception cref="ProblemException">429 <c>assistant-budget</c>, until the profile's next day.</exception>
    public async Task<Reservation> Take(Guid profile, TimeZoneInfo zone, int tokens, decimal cost, CancellationToken ct)
    {
        var reservation = new Reservation(
            profile, Guid.CreateVersion7(), LocalTime.DayOf(store.Clock.GetUtcNow(), zone), tokens, decimal.Round(cost, 10));
        if (await IsTaken(reservation, ct)) return reservation;

        var now = store.Clock.GetUtcNow();
        throw new ProblemException(new Problem(
            StatusCodes.Status429TooManyRequests, "assistant-budget",
            "The assistant's budget of the day does not suffice for this; it starts anew with the next day in the profile's time zone.",
            RetryAfter: DailyLimit.NextDay(now, zone) - now));
    }

    /// <summary>In the session that keeps the call's row: what is counted and what is listed are the same.</summary>
    public static Task Settle(ISession session, Reservation reservation, int tokens, decimal cost, CancellationToken ct) => session.Sql(
        Settled, ct, ("profile", reservation.Profile), ("id", reservation.Id), ("day", reservation.Day), ("tokens", (long)tokens),
        ("cost", decimal.Round(cost, 10)));

    /// <summary>Reservations whose node died. The model may have been asked, and billed: the day keeps all that they could cost.</summary>
    public async Task ForgetExpired(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        await session.Sql(DropExpired, ct, ("now", session.Now));
        await session.Commit(ct);
    }

    /// <summary>Used and reserved of the day.</summary>
    public async Task<(long Tokens, decimal Cost)> Of(Guid profile, DateOnly day, CancellationToken ct) => (await store.Query(
        Spent, row => (row.GetInt64(0), row.GetDecimal(1)), ct, ("profile", profile), ("day", day))).SingleOrDefault();

    private async Task<bool> IsTaken(Reservation reservation, CancellationToken ct)
    {
        await using var session = store.Open(Origin.System); // not the caller's: a request that fails later must be repeatable by its key
        var taken = await session.Sql(
            Reserve, ct, ("profile", reservation.Profile), ("id", reservation.Id), ("day", reservation.Day),
            ("tokens", (long)reservation.Tokens), ("cost", reservation.Cost), ("mostTokens", options.DailyTokens), ("mostCost", options.DailyCost),
            ("expires", session.Now + Lifetime));
        await session.Commit(ct);
        return taken == 1;
    }
}
