using System.Data.Common;
using MassMessaging.Campaigns.Restores;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Campaigns.Sending;

/// <summary>A lane that its reader has locked.</summary>
/// <param name="Holds">In a row until now.</param>
/// <param name="Policies">Null: the profile has set none.</param>
/// <param name="TimeZone">The profile's.</param>
public sealed record DueLane(
    Guid ProfileId, long Epoch, SlotRing Ring, DateTimeOffset NextAt, Guid? Turn, int Holds, LaneRate Rate, string? Instance, LaneHold? Hold,
    PacingPolicies? Policies = null, string TimeZone = "UTC")
{
    public LaneState State { get; init; } = LaneState.Fresh;
}

public static class DueLanes
{
    private const string Select = """
        select l.profile_id, l.epoch, l.ring, l.next_at, l.turn, l.holds,
               p.messages, p.per_seconds, p.spread, p.jitter, p.burst, p.max_in_flight, w.instance, l.held_by, l.held_until,
               p.policies::text, f.time_zone, l.day, l.granted_today, l.breaker_good, l.breaker_bad, l.breaker_until, l.breaker_probe_at,
               w.closed_at
        from lane l
        left join whatsapp_pacing p on p.profile_id = l.profile_id
        left join whatsapp_config w on w.profile_id = l.profile_id
        left join profile f on f.id = l.profile_id
        """;

    private const string LockOwn = $"{Select} where l.profile_id = @profile for update of l";

    // One query over all due lanes. A lane stays with its node until that node is gone, so that a takeover never meets calls it cannot
    // see; skip locked, so that a pause in progress or another node's tick delays nobody else.
    private const string Lock = $"""
        {Select}
        where l.next_at <= @horizon
          and {KnownDatabase.IsThis}
          and (l.held_until is null or l.held_until <= @now
               or (l.held_by in ('{LaneLimits.DailyCap}', '{LaneLimits.WarmUp}') and {ReplyLane.IsWaitedIn}))
          and (w.closed_at is null or l.held_by is distinct from '{LaneLimits.InstanceClosed}')
          and l.profile_id <> all (@busy)
          and (l.owner is null or l.owner = @node or not exists (select 1 from node where id = l.owner and not ({Nodes.IsDead})))
          and (exists (
              select 1 from campaign c left join campaign_scan s on s.profile_id = c.profile_id and s.campaign_id = c.id
              where c.profile_id = l.profile_id and c.status = 'sending' and (s.asleep_until is null or s.asleep_until <= @now))
              or {ReplyLane.IsWaitedIn})
        order by l.next_at
        limit 500
        for update of l skip locked
        """;

    /// <param name="busy">Lanes whose calls in flight leave no room here.</param>
    public static Task<List<DueLane>> LockDue(
        ISession session, Guid node, Guid[] busy, SendingOptions options, CancellationToken ct) =>
        session.Query(
            Lock, row => Read(row, options.Defaults), ct,
            ("now", session.Now), ("horizon", session.Now + options.Ahead), ("node", node), ("busy", busy));

    /// <summary>One lane, due or not; waits for a tick that has it. Null when there is none.</summary>
    public static async Task<DueLane?> LockOne(ISession session, Guid profile, SendingOptions options, CancellationToken ct) =>
        (await session.Query(LockOwn, row => Read(row, options.Defaults), ct, ("profile", profile))).SingleOrDefault();

    private static DueLane Read(DbDataReader row, LaneRate defaults)
    {
        var lane = ReadRow(row, defaults);
        return MetaRules.AreFor(lane) ? lane with { Rate = lane.Rate.AtMost(CloudInstance.PerSecond) } : lane;
    }

    private static DueLane ReadRow(DbDataReader row, LaneRate defaults) => new(
        row.GetGuid(0), row.GetInt64(1), SlotRing.Read(row.GetFieldValue<byte[]>(2)), row.GetFieldValue<DateTimeOffset>(3),
        row.IsDBNull(4) ? null : row.GetGuid(4), row.GetInt32(5),
        row.IsDBNull(6)
            ? defaults
            : new LaneRate(
                row.GetInt32(6), TimeSpan.FromSeconds(row.GetInt32(7)), row.GetBoolean(8), row.GetDouble(9),
                row.IsDBNull(10) ? null : row.GetInt32(10), row.IsDBNull(11) ? null : row.GetInt32(11)),
        row.IsDBNull(12) ? null : row.GetString(12),
        row.IsDBNull(13) ? null : new LaneHold(row.GetString(13), row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14)),
        row.IsDBNull(15) ? null : PacingPolicies.FromJson(row.GetString(15)), row.IsDBNull(16) ? "UTC" : row.GetString(16))
    {
        State = new(
            row.IsDBNull(17) ? DateOnly.MinValue : row.GetFieldValue<DateOnly>(17), row.GetInt32(18),
            new BreakerState(row.GetInt32(19), row.GetInt32(20), TimeOrNull(row, 21), TimeOrNull(row, 22)), TimeOrNull(row, 23)),
    };

    private static DateTimeOffset? TimeOrNull(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
