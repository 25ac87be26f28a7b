using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Campaigns.Sending;

/// <param name="Day">Of the profile's zone: what <paramref name="Granted"/> counts.</param>
/// <param name="ClosedAt">Since when the instance is known to be closed that was open before.</param>
public sealed record LaneState(DateOnly Day, int Granted, BreakerState Breaker, DateTimeOffset? ClosedAt)
{
    public static LaneState Fresh { get; } = new(DateOnly.MinValue, 0, BreakerState.Closed, null);
}

/// <param name="Most">Slots that may be granted now, whatever the rate allows.</param>
/// <param name="Hold">What holds the lane when there are none.</param>
/// <param name="Replies">Slots that the day's limit leaves to who wrote lately (<see cref="ReplyLane"/>), and to nobody else.</param>
/// <param name="IsProbe">The one grant decides whether the breaker closes.</param>
public readonly record struct LaneRoom(int Most, LaneHold? Hold = null, bool IsProbe = false, int Replies = 0);

/// <summary>What bounds a lane besides its rate: a closed instance, the breaker, the day's limit. Pure.</summary>
public static class LaneLimits
{
    public const string InstanceClosed = "instance-closed";
    public const string Breaker = "breaker";
    public const string DailyCap = "daily-cap";
    public const string WarmUp = "warm-up";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Reasons that <see cref="Room"/> gives: they end without a call having gone well.</summary>
    public static bool IsLimit(string? reason) => reason is InstanceClosed or Breaker or DailyCap or WarmUp;

    /// <param name="horizon">A message granted now may reach the gateway as late as this.</param>
    /// <param name="inFlight">Calls of the lane that have no outcome yet.</param>
    /// <param name="holderGone">After this long a probe without an outcome has none to come.</param>
    public static LaneRoom Room(DueLane lane, DateTimeOffset now, DateTimeOffset horizon, int inFlight, TimeSpan holderGone)
    {
        if (lane.State.ClosedAt is not null) return new(0, new LaneHold(InstanceClosed, null));

        var probe = OfBreaker(lane, now, inFlight, holderGone);
        var day = OfDay(lane, now, horizon);
        return probe.Hold is not null || day.Hold is null ? probe with { Most = Math.Min(probe.Most, day.Most) }
            : day with { IsProbe = probe.IsProbe, Replies = lane.Policies is { ReplyLane: true } ? probe.Most : 0 };
    }

    /// <summary>The lane's state after one more slot.</summary>
    public static LaneState Granted(LaneState state, DateTimeOffset at, TimeZoneInfo zone, bool isProbe)
    {
        var day = LocalTime.DayOf(at, zone);
        var counted = day > state.Day ? state with { Day = day, Granted = 1 } : state with { Granted = state.Granted + 1 };
        return isProbe ? counted with { Breaker = counted.Breaker with { ProbeAt = at } } : counted;
    }

    private static LaneRoom OfBreaker(DueLane lane, DateTimeOffset now, int inFlight, TimeSpan holderGone)
    {
        if (BreakerOf(lane.Policies) is null || lane.State.Breaker is not { OpenUntil: { } until } breaker) return new(int.MaxValue);

        if (until > now) return new(0, new LaneHold(Breaker, until));
        if (breaker.ProbeAt + holderGone is { } waited && waited > now) return new(0, new LaneHold(Breaker, waited));
        return inFlight > 0 ? new(0, new LaneHold(Breaker, now + Soon)) : new(1, IsProbe: true);
    }

    private static LaneRoom OfDay(DueLane lane, DateTimeOffset now, DateTimeOffset horizon)
    {
        var (cap, ramp, zone) = (lane.Policies?.DailyCap, lane.Policies?.WarmUp, ClientZones.Find(lane.TimeZone));
        if (DailyLimit.Of(cap, ramp, now, zone) is not { } limit) return new(int.MaxValue);

        // A slot a little ahead may have begun the next day already; so may a move to another zone.
        var today = LocalTime.DayOf(now, zone);
        var day = lane.State.Day > today ? lane.State.Day : today;
        var left = limit - (lane.State.Day == day ? lane.State.Granted : 0);
        // A day's last moments are left out: what arrives in the next day would come on top of all that the next one may have.
        if (left > 0 && LocalTime.DayOf(horizon, zone) == today) return new(left);

        var byRamp = ramp is not null && DailyLimit.OnRamp(ramp, now, zone) == limit;
        return new(0, new LaneHold(byRamp ? WarmUp : DailyCap, LocalTime.StartOf((left > 0 ? today : day).AddDays(1), zone)));
    }

    /// <param name="policies">Null: the profile has set none, and has the defaults.</param>
    public static Breaker? BreakerOf(PacingPolicies? policies) => policies is null ? Pacing.DefaultBreaker : policies.Breaker;
}
