namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// When the slots of a lane will start, on average: those that may start together, then the next ones an interval later. What
/// <see cref="LanePace"/> grants one by one, in one multiplication.
/// </summary>
internal sealed class SlotForecast
{
    private readonly int together;
    private readonly TimeSpan interval;
    private DateTimeOffset anchor;
    private long taken;

    public SlotForecast(LaneRate rate, SlotRing ring, DateTimeOffset start)
    {
        together = rate.Together;
        // Jitter delays each of those that go together, and half of it on average the next ones behind them.
        interval = rate.Spread ? rate.Spacing * (together + (rate.Jitter / 2)) : rate.Window + rate.Slack;
        anchor = start;
        if (rate.Spread) return;

        // Unspread, what was sent in the window that reaches into now is missing from it.
        foreach (var slots in ring.Entries.Where(slots => slots.At > start - interval))
        {
            if (taken == 0) anchor = slots.At;
            taken += slots.Count;
        }
    }

    public TimeSpan MeanSpacing => interval / together;

    /// <summary>Start of the next slot, or of a later one.</summary>
    public DateTimeOffset At(long later) => anchor + (interval * ((taken + later) / together));

    /// <summary>So many slots start before that instant, at least one.</summary>
    public long Before(DateTimeOffset until)
    {
        var batches = Math.Ceiling((until - anchor) / interval);
        return batches * together >= long.MaxValue ? long.MaxValue : Math.Max(1, ((long)batches * together) - taken);
    }

    /// <summary>Uses that many; answers when the next one starts.</summary>
    public DateTimeOffset Take(long count)
    {
        taken += count;
        return At(0);
    }

    /// <summary>Nothing is sent until then; answers when the next one starts.</summary>
    public DateTimeOffset Rest(DateTimeOffset until)
    {
        if (until >= anchor + (interval * ((taken + together - 1) / together))) (anchor, taken) = (until, 0);
        return At(0) > until ? At(0) : until;
    }
}
