using System.Collections.Concurrent;
using System.Data.Common;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// What outcomes teach a lane's limits: the breaker's sample, and the day's messages that surely did not go. A lane stays with its node, so
/// calls that went well are counted here and written only with the next that did not: a lane that is well costs no statement.
/// </summary>
public sealed class LaneLessons
{
    private const int MostRemembered = 100_000;

    private const string Lock = """
        select l.profile_id, l.breaker_good, l.breaker_bad, l.breaker_until, l.breaker_probe_at, p.policies::text
        from lane l left join whatsapp_pacing p on p.profile_id = l.profile_id
        where l.profile_id = any (@profiles) order by l.profile_id
        for update of l
        """;

    // Open: the lane is held by it, whatever held it for less long; not open any more: its own hold ends.
    private const string Keep = """
        update lane l set breaker_good = b.good, breaker_bad = b.bad, breaker_until = b.until, breaker_probe_at = b.probe_at,
            held_by = case when h.opens then 'breaker' when h.ends then null else l.held_by end,
            held_until = case when h.opens then b.until when h.ends then null else l.held_until end
        from unnest(@profiles::uuid[], @goods::int[], @bads::int[], @untils::timestamptz[], @probes::timestamptz[])
            as b (profile_id, good, bad, until, probe_at)
        join lane k on k.profile_id = b.profile_id
        cross join lateral (
            select coalesce(b.until > @now and (k.held_by = 'breaker' or b.until > coalesce(k.held_until, @now)), false) as opens,
                   coalesce(k.held_by = 'breaker' and coalesce(b.until, @now) <= @now, false) as ends) h
        where l.profile_id = b.profile_id
        """;

    private const string GiveBack = """
        update lane l set granted_today = greatest(0, l.granted_today - g.count)
        from unnest(@profiles::uuid[], @days::date[], @counts::int[]) as g (profile_id, day, count)
        where l.profile_id = g.profile_id and l.day = g.day
        """;

    private readonly ConcurrentDictionary<Guid, int> wentWell = new();

    /// <summary>Counts what went well; answers whether the rest must be written.</summary>
    public bool Hear(IReadOnlyList<CallOutcome> outcomes)
    {
        foreach (var lane in outcomes.Where(one => WentWell(one.Outcome) == true && !one.Permit.IsProbe).GroupBy(one => one.Permit.Member.Profile))
        {
            var count = lane.Count();
            wentWell.AddOrUpdate(lane.Key, count, (_, before) => Math.Min(before + count, MostRemembered));
        }

        return outcomes.Any(one => one.Permit.IsProbe || WentWell(one.Outcome) != true);
    }

    /// <param name="givesBack">False when it may have been done already: a day's count is rather too high.</param>
    public async Task Write(ISession session, IReadOnlyList<CallOutcome> outcomes, bool givesBack, CancellationToken ct)
    {
        var unused = givesBack ? outcomes.Where(one => IsUnused(one.Outcome)).Select(one => one.Permit).ToList() : [];
        if (unused.Count > 0) await Return(session, unused, ct);

        var telling = outcomes.Where(one => one.Permit.IsProbe || WentWell(one.Outcome) == false).ToLookup(one => one.Permit.Member.Profile);
        if (telling.Count == 0) return;
        var lanes = await session.Query(Lock, row => Read(row), ct, ("profiles", telling.Select(lane => lane.Key).Order().ToArray()));
        var learned = lanes.Where(lane => lane.Policy is not null)
            .Select(lane => (lane.Profile, State: Learn(lane.State, lane.Policy!, Taken(lane.Profile), telling[lane.Profile], session.Now))).ToList();
        if (learned.Count == 0) return;
        await session.Sql(
            Keep, ct, ("now", session.Now), ("profiles", learned.Select(lane => lane.Profile).ToArray()),
            ("goods", learned.Select(lane => lane.State.Good).ToArray()), ("bads", learned.Select(lane => lane.State.Bad).ToArray()),
            ("untils", learned.Select(lane => lane.State.OpenUntil).ToArray()), ("probes", learned.Select(lane => lane.State.ProbeAt).ToArray()));
    }

    private int Taken(Guid profile) => wentWell.TryRemove(profile, out var count) ? count : 0;

    private static BreakerState Learn(
        BreakerState state, Breaker policy, int wentWell, IEnumerable<CallOutcome> telling, DateTimeOffset now)
    {
        for (var good = 0; good < wentWell; good++) state = CircuitBreaker.Learn(state, policy, isProbe: false, wentWell: true, now);
        foreach (var one in telling) state = CircuitBreaker.Learn(state, policy, one.Permit.IsProbe, WentWell(one.Outcome), now);
        return state;
    }

    private static async Task Return(ISession session, List<Permit> unused, CancellationToken ct)
    {
        var days = unused.GroupBy(permit => (permit.Member.Profile, permit.Day)).OrderBy(day => day.Key.Profile).ToList();
        await session.Sql(
            GiveBack, ct, ("profiles", days.Select(day => day.Key.Profile).ToArray()), ("days", days.Select(day => day.Key.Day).ToArray()),
            ("counts", days.Select(day => day.Count()).ToArray()));
        await Canaries.Return(session, unused, ct);
    }

    /// <summary>Null: it says nothing of the gateway or the number.</summary>
    private static bool? WentWell(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Accepted or SendOutcome.Refused or SendOutcome.RecipientHeld or SendOutcome.MessageStopped => true,
        SendOutcome.Unknown { Reason: GatewayCalls.GivenUp } => null,
        SendOutcome.InstanceDown or SendOutcome.Throttled or SendOutcome.Unknown => false,
        _ => null,
    };

    /// <summary>Surely nothing was sent: the member waits again.</summary>
    public static bool IsUnused(SendOutcome outcome) =>
        outcome is not (SendOutcome.Accepted or SendOutcome.Refused or SendOutcome.Unknown);

    private static (Guid Profile, BreakerState State, Breaker? Policy) Read(DbDataReader row) => (
        row.GetGuid(0),
        new(row.GetInt32(1), row.GetInt32(2), TimeOrNull(row, 3), TimeOrNull(row, 4)),
        LaneLimits.BreakerOf(row.IsDBNull(5) ? null : PacingPolicies.FromJson(row.GetString(5))));

    private static DateTimeOffset? TimeOrNull(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
