using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// A slot of the lane for one message outside every campaign. It is taken from the same ring under the same lock as a tick's, so the rate
/// holds over both; campaigns go on behind it.
/// </summary>
public static class SpareSlot
{
    /// <summary>Whoever asks waits no longer for the slot to start.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const string Open = "insert into lane (profile_id, next_at) values (@profile, @now) on conflict do nothing";

    private const string Advance = """
        update lane set ring = @ring, next_at = @next, day = @day, granted_today = @granted, breaker_probe_at = @probe_at
        where profile_id = @profile
        """;

    /// <summary>Takes the slot in the session; it exists once that has committed.</summary>
    /// <param name="clock">The store's.</param>
    /// <exception cref="ProblemException">503 <c>lane-held</c> or 429 <c>lane-busy</c>, with when to try again.</exception>
    public static async Task<Permit> Take(
        ISession session, Guid profile, Recipient recipient, SendingOptions options, Random random, TimeProvider clock, CancellationToken ct)
    {
        await WhatsAppConfig.Ensure(session, profile, ct);
        await session.Sql(Open, ct, ("profile", profile), ("now", session.Now));
        var lane = (await DueLanes.LockOne(session, profile, options, ct))!;
        var now = clock.GetUtcNow(); // The lock may have been waited for.
        var openedAt = clock.GetTimestamp();
        var room = LaneLimits.Room(lane, now, now + Patience + lane.Rate.Slack, inFlight: 0, options.HolderGone);
        if (room.Hold is { } hold)
            throw new ProblemException(new(503, "lane-held", $"The number cannot send right now: {hold.By}.", RetryAfter: hold.Until - now ?? Patience));
        var free = lane.Hold?.Until is { } until && until > lane.NextAt ? until : lane.NextAt;
        if (LanePace.Grants(lane.Ring, lane.Rate, now, free, now + Patience, most: 1, random) is not [var grant])
            throw new ProblemException(Later(lane, now));

        var state = LaneLimits.Granted(lane.State, grant.At, ClientZones.Find(lane.TimeZone), room.IsProbe);
        await session.Sql(
            Advance, ct, ("profile", profile), ("ring", lane.Ring.Add(grant.At, lane.Rate).Write()), ("next", grant.NextAt),
            ("day", state.Day), ("granted", state.Granted), ("probe_at", state.Breaker.ProbeAt));
        return new Permit(
            new StreamKey(profile, Guid.Empty), Guid.Empty, Guid.Empty, Variant: null, Guid.CreateVersion7(now), lane.Instance!, recipient,
            lane.Epoch, openedAt, grant.At - now, lane.Rate, lane.Holds > 0, Day: state.Day, IsProbe: room.IsProbe);
    }

    private static Problem Later(DueLane lane, DateTimeOffset now)
    {
        if (lane.Hold is { Until: { } until } hold && until > now + Patience)
            return new(503, "lane-held", $"The number cannot send right now: {hold.By}.", RetryAfter: until - now);

        var earliest = LanePace.Earliest(lane.Ring, lane.Rate);
        var next = earliest > lane.NextAt ? earliest : lane.NextAt;
        return new(429, "lane-busy", "The number has sent as much as its rate allows for now.", RetryAfter: next - now);
    }
}
