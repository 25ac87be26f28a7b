using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Analytics;

/// <summary>
/// A time zone over a stretch of time, as SQL is given it: from when on the clock is how many minutes ahead of UTC. So one table of zones
/// holds for all figures, whatever version of it the database has.
/// </summary>
public sealed record ZoneOffsets(DateTimeOffset[] Since, int[] Minutes)
{
    /// <summary>SQL: what the wall clock shows at the row's <c>starts_at</c>, as if it were UTC.</summary>
    public const string WallClock =
        "starts_at + make_interval(mins => (@minutes::int[])[greatest(1, width_bucket(starts_at, @since::timestamptz[]))])";

    // No zone puts its clock forth and back again within one.
    private static readonly TimeSpan Stride = TimeSpan.FromDays(7);

    public static ZoneOffsets Of(TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        var since = new List<DateTimeOffset> { from.ToUniversalTime() };
        for (var at = from; at < to; at += Stride)
            if (LocalTime.ClockChange(at, at + Stride, zone) is { } change) since.Add(change);
        return new([.. since], since.ConvertAll(at => (int)zone.GetUtcOffset(at).TotalMinutes).ToArray());
    }
}
