namespace MassMessaging.WhatsApp.Policies;

/// <summary>Wall clocks and instants. Pure.</summary>
internal static class LocalTime
{
    /// <summary>When the wall clock shows this: once, twice where it is put back, never where it is put forward over it.</summary>
    public static IEnumerable<DateTimeOffset> Instants(DateTime local, TimeZoneInfo zone)
    {
        var wall = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var middle = new DateTimeOffset(wall, TimeSpan.Zero);
        return new[] { middle.AddDays(-1), middle.AddDays(1) }.Select(zone.GetUtcOffset).Distinct()
            .Select(offset => new DateTimeOffset(wall, offset))
            .Where(instant => zone.GetUtcOffset(instant) == instant.Offset)
            .Select(instant => instant.ToUniversalTime());
    }

    /// <summary>The instant in (from, to] from which the zone has another offset than at <paramref name="from"/>; to the second.</summary>
    public static DateTimeOffset? ClockChange(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        var before = zone.GetUtcOffset(from);
        if (zone.GetUtcOffset(to) == before) return null;

        var (low, high) = (from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds());
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(middle)) == before) low = middle;
            else high = middle;
        }

        return DateTimeOffset.FromUnixTimeSeconds(high);
    }

    /// <summary>The first instant of that day; where midnight is skipped, the one at which the clock is put forward.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        foreach (var instant in Instants(midnight, zone).Order()) return instant;

        var noonBefore = Instants(midnight.AddHours(-12), zone).First();
        return ClockChange(noonBefore, noonBefore.AddDays(1), zone) ?? noonBefore.AddHours(12);
    }

    public static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
}
