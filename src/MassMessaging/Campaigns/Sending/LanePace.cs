namespace MassMessaging.Campaigns.Sending;

/// <param name="At">The slot's start: the gateway is called no earlier.</param>
/// <param name="NextAt">When the lane may look for its next slot after this one.</param>
public readonly record struct Grant(DateTimeOffset At, DateTimeOffset NextAt);

/// <summary>
/// Which slots a lane may grant now. Slot k starts no earlier than slot k−N + W + δ; a send reaches the gateway within δ of its slot's
/// start (the permit's life and the way), so no half-open window of W holds more than N sends there. Jitter only adds.
/// </summary>
public static class LanePace
{
    /// <param name="nextAt">Kept with the lane: the last grant's <see cref="Grant.NextAt"/>.</param>
    /// <param name="horizon">Slots that start later than this are left to a later tick.</param>
    /// <param name="most">Calls that may still be started.</param>
    public static IReadOnlyList<Grant> Grants(
        SlotRing ring, LaneRate rate, DateTimeOffset now, DateTimeOffset nextAt, DateTimeOffset horizon, int most, Random random)
    {
        var grants = new List<Grant>();
        while (grants.Count < most)
        {
            var at = Latest(now + rate.Lead, nextAt, Earliest(ring, rate));
            if (at > horizon) break;
            ring = ring.Add(at, rate);
            nextAt = Latest(at, Earliest(ring, rate)) + (rate.Spacing * (rate.Spread ? rate.Jitter * random.NextDouble() : 0));
            grants.Add(new Grant(at, nextAt));
        }

        return grants;
    }

    /// <summary>The window's and the spacing's bound on the next slot.</summary>
    public static DateTimeOffset Earliest(SlotRing ring, LaneRate rate) => Latest(
        ring.Last(rate.Messages) + rate.Window + rate.Slack ?? DateTimeOffset.MinValue,
        ring.Last(rate.Together) + (rate.Spacing * rate.Together) ?? DateTimeOffset.MinValue);

    private static DateTimeOffset Latest(params ReadOnlySpan<DateTimeOffset> instants)
    {
        var latest = instants[0];
        foreach (var instant in instants) latest = instant > latest ? instant : latest;
        return latest;
    }
}
