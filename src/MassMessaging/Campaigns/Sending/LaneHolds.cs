using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Holds a lane that cannot send just now; it goes on by itself. In a statement of its own after the outcomes: a tick holds the lane's row
/// before the members', so nobody may take them the other way round.
/// </summary>
public sealed class LaneHolds(IStore store, LaneLessons lessons, Random random)
{
    /// <summary>A wait is longer by up to this part of it, so that lanes that fell together do not come back together.</summary>
    private const double Jitter = 0.2;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Throttle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestThrottle = TimeSpan.FromMinutes(15);

    // A lane that is held already is not held longer by the calls that were on their way then: together they are one failure.
    private const string Hold = """
        update lane l set holds = l.holds + 1, held_until = greatest(l.held_until, n.until),
            held_by = case when l.held_until > n.until then l.held_by else h.reason end
        from unnest(@profiles::uuid[], @reasons::text[], @waits::interval[], @jitters::float8[]) as h (profile_id, reason, wait, jitter)
        join lane k on k.profile_id = h.profile_id
        cross join lateral (
            select @now + coalesce(h.wait, least(@shortest * power(2, least(k.holds, 10)), @longest)) * h.jitter as until) n
        where l.profile_id = h.profile_id and (h.wait is not null or l.held_until is null or l.held_until <= @now)
        """;

    public static readonly Trouble WithoutGateway = new("""
        select format('The gateway does not answer, or is not sure: %s lanes wait for it.', count(*)) from lane
        where held_by in ('gateway-unreachable', 'gateway-unsure') and held_until > @now having count(*) > 0
        """);

    private const string Limit = """
        update lane l set held_by = h.reason, held_until = h.until
        from unnest(@profiles::uuid[], @reasons::text[], @untils::timestamptz[]) as h (profile_id, reason, until)
        where l.profile_id = h.profile_id
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

    /// <summary>Lanes that may grant nothing now, though nothing went wrong. In the tick's session, which has them locked.</summary>
    /// <returns>Whether there is anything to commit.</returns>
    public static async Task<bool> Bound(ISession session, IEnumerable<(DueLane Lane, LaneRoom Room)> lanes, CancellationToken ct)
    {
        var held = lanes.Where(entry => entry.Room.Hold is { } hold && hold != entry.Lane.Hold).ToList();
        if (held.Count == 0) return false;

        var profiles = held.Select(entry => entry.Lane.ProfileId).ToArray();
        await session.Sql(
            Limit, ct, ("profiles", profiles), ("reasons", held.Select(entry => entry.Room.Hold!.By).ToArray()),
            ("untils", held.Select(entry => entry.Room.Hold!.Until).ToArray()));
        await HoldNotices.Held(session, [.. held.Where(entry => entry.Room.Hold!.Until is not null).Select(entry => entry.Lane.ProfileId)], ct);
        return true;
    }

    /// <param name="givesBack">False when these outcomes may have been learned from before.</param>
    public async Task Learn(IReadOnlyList<CallOutcome> outcomes, CancellationToken ct, bool givesBack = true)
    {
        var holds = outcomes.GroupBy(one => one.Permit.Member.Profile).Select(lane => (Profile: lane.Key, Why: Worst(lane)))
            .Where(lane => lane.Why is not null).ToList();
        var well = outcomes.Where(one => one.Permit.LaneWasHeld && one.Outcome is SendOutcome.Accepted or SendOutcome.Refused)
            .Select(one => one.Permit.Member.Profile).Distinct().Except(holds.Select(lane => lane.Profile)).ToArray();
        var isTelling = lessons.Hear(outcomes);
        await WakeScan.For(store, outcomes.Where(one => LaneLessons.IsUnused(one.Outcome)).Select(one => one.Permit.Campaign), ct);
        if (holds.Count == 0 && well.Length == 0 && !isTelling) return;

        await using var session = store.Open(Origin.System);
        if (well.Length > 0) await LiftAll(session, well, ct);
        if (holds.Count > 0) await HoldAll(session, [.. holds.Select(lane => (lane.Profile, lane.Why!.Value.Reason, lane.Why.Value.Wait))], ct);
        if (isTelling) await lessons.Write(session, outcomes, givesBack, ct);
        if (holds.Count > 0) await HoldNotices.Held(session, [.. holds.Select(lane => lane.Profile)], ct);
        await session.Commit(ct);
    }

    private static async Task LiftAll(ISession session, Guid[] well, CancellationToken ct)
    {
        await session.Sql(Lift, ct, ("profiles", well));
        await HoldNotices.Free(session, well, ct);
    }

    private async Task HoldAll(ISession session, IReadOnlyList<(Guid Profile, string Reason, TimeSpan? Wait)> holds, CancellationToken ct)
    {
        var profiles = holds.Select(hold => hold.Profile).ToArray();
        await session.Sql(
            Hold, ct, ("now", session.Now), ("shortest", Shortest), ("longest", Longest), ("profiles", profiles),
            ("reasons", holds.Select(hold => hold.Reason).ToArray()), ("waits", holds.Select(hold => hold.Wait).ToArray()),
            ("jitters", holds.Select(_ => 1 + (Jitter * random.NextDouble())).ToArray()));
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
                SendOutcome.Unknown { Reason: not GatewayCalls.GivenUp } => worst ?? ("gateway-unsure", null),
                _ => worst,
            };
        return worst;
    }
}
