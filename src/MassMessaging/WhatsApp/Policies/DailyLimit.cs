namespace MassMessaging.WhatsApp.Policies;

/// <summary>
/// How many messages a number may send on one day of the profile's time zone: the daily cap, and a new number's ramp. Pure.
/// </summary>
public static class DailyLimit
{
    /// <summary>The lower of the two on the day of this instant; null without either.</summary>
    public static int? Of(int? dailyCap, WarmUp? warmUp, DateTimeOffset at, TimeZoneInfo zone) => (dailyCap, warmUp) switch
    {
        (null, null) => null,
        ({ } cap, null) => cap,
        (null, { } ramp) => OnRamp(ramp, at, zone),
        ({ } cap, { } ramp) => Math.Min(cap, OnRamp(ramp, at, zone)),
    };

    /// <summary>
    /// The first day's messages, times the growth for each day since, rounded down, never over the ceiling; where the ramp has ended the
    /// ceiling stays. Before the number's first day, as on it.
    /// </summary>
    public static int OnRamp(WarmUp warmUp, DateTimeOffset at, TimeZoneInfo zone)
    {
        var age = Math.Max(0, LocalTime.DayOf(at, zone).DayNumber - LocalTime.DayOf(warmUp.NumberSince, zone).DayNumber);
        return (int)Math.Min(warmUp.Ceiling, Math.Floor(warmUp.FirstDay * Math.Pow(warmUp.Growth, age)));
    }

    /// <summary>When the next day begins, and with it the next day's messages.</summary>
    public static DateTimeOffset NextDay(DateTimeOffset at, TimeZoneInfo zone) =>
        LocalTime.StartOf(LocalTime.DayOf(at, zone).AddDays(1), zone);
}
