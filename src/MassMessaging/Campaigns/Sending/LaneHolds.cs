using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Holds a lane that cannot send just now; it goes on by itself. In a statement of its own after the outcomes: a tick holds the lane's row
/// before the members', so nobody may take them the other way round.
/// </summary>
public sealed class LaneHolds(IStore store)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Throttle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestThrottle = TimeSpan.FromMinutes(15);

    // A lane that is held already is not held longer by the calls that were on their way then: together they are one failure.
    private const string Hold = """
        update lane l set held_by = h.reason, holds = l.holds + 1,
            held_until = greatest(l.held_until, @now + coalesce(h.wait, least(@shortest * power(2, least(l.holds, 10)), @longest)))
        from unnest(@profiles::uuid[], @reasons::text[], @waits::interval[]) as h (profile_id, reason, wait)
        where l.profile_id = h.profile_id and (h.wait is not null or l.held_until is null or l.held_until <= @now)
        """;

    private const string Lift = "update lane set holds = 0, held_by = null, held_until = null where profile_id = any (@profiles) and holds > 0";

    private const string Wait = "update lane set held_by = 'gateway-slow' where profile_id = any (@profiles) and held_by is null";

    /// <summary>Says why these lanes stand still; their next tick takes it back.</summary>
    public async Task Slow(IReadOnlySet<Guid> profiles, CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        await session.Sql(Wait, ct, ("profiles", profiles.ToArray()));
        await session.Commit(ct);
    }

    public async Task Learn(IReadOnlyList<CallOutcome> outcomes, CancellationToken ct)
    {
        var holds = outcomes.GroupBy(one => one.Permit.Member.Profile).Select(lane => (Profile: lane.Key, Why: Worst(lane)))
            .Where(lane => lane.Why is not null).ToList();
        var well = outcomes.Where(one => one.Permit.LaneWasHeld && one.Outcome is SendOutcome.Accepted or SendOutcome.Refused)
            .Select(one => one.Permit.Member.Profile).Distinct().Except(holds.Select(lane => lane.Profile)).ToArray();
        if (holds.Count == 0 && well.Length == 0) return;

        await using var session = store.Open(Origin.System);
        if (well.Length > 0) await LiftAll(session, well, ct);
        if (holds.Count > 0) await HoldAll(session, [.. holds.Select(lane => (lane.Profile, lane.Why!.Value.Reason, lane.Why.Value.Wait))], ct);
        await session.Commit(ct);
    }

    private static async Task LiftAll(ISession session, Guid[] well, CancellationToken ct)
    {
        await session.Sql(Lift, ct, ("profiles", well));
        await HoldNotices.Free(session, well, ct);
    }

    private static async Task HoldAll(ISession session, IReadOnlyList<(Guid Profile, string Reason, TimeSpan? Wait)> holds, CancellationToken ct)
    {
        var profiles = holds.Select(hold => hold.Profile).ToArray();
        await session.Sql(
            Hold, ct, ("now", session.Now), ("shortest", Shortest), ("longest", Longest), ("profiles", profiles),
            ("reasons", holds.Select(hold => hold.Reason).ToArray()), ("waits", holds.Select(hold => hold.Wait).ToArray()));
        await HoldNotices.Held(session, profiles, ct);
    }

    /// <summary>What a proxy says is not obeyed for days.</summary>
    private static TimeSpan Bounded(TimeSpan wait) => wait < LongestThrottle ? wait : LongestThrottle;

    private static (string Reason, TimeSpan? Wait)? Worst(IEnumerable<CallOutcome> outcomes)
    {
        (string, TimeSpan?)? worst = null;
        foreach (var one in outcomes)
            worst = one.Outcome switch
            {
                SendOutcome.InstanceDown => ("instance-down", null),
                SendOutcome.InstanceGone => ("instance-gone", null),
                SendOutcome.Throttled throttled => ("throttled", Bounded(throttled.RetryAfter ?? Throttle)),
                SendOutcome.NotWritten { Reason: not ("permit-expired" or "not-called") } => ("gateway-unreachable", null),
                // A gateway that leaves us in doubt would put the whole campaign there: try less and less often until it answers.
                SendOutcome.Unknown => worst ?? ("gateway-unsure", null),
                _ => worst,
            };
        return worst;
    }
}
