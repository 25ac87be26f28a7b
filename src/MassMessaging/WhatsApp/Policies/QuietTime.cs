using System.Globalization;

namespace MassMessaging.WhatsApp.Policies;

/// <summary>
/// When a client is left in peace, on the client's own clock: on whole days, and between two times of every day. Pure. <c>From</c> equal
/// to <c>To</c> is no time of day at all. Clocks that are put forward or back are followed literally: an instant is quiet if the clock on
/// the wall says so, also for the hour that comes twice.
/// </summary>
public static class QuietTime
{
    private const int DaysAWeek = 7;
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static bool IsQuiet(QuietHours hours, DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        if (hours.Days.Contains(DayNames[(int)local.DayOfWeek])) return true;

        var (from, to, time) = (Time(hours.From), Time(hours.To), local.TimeOfDay);
        return from <= to ? from <= time && time < to : time >= from || time < to;
    }

    /// <summary>The first instant, from this one on, that is not quiet; null when every day of the week is.</summary>
    public static DateTimeOffset? NextAllowed(QuietHours hours, DateTimeOffset at, TimeZoneInfo zone) =>
        IsQuiet(hours, at, zone) ? NextChange(hours, at, zone) : at;

    /// <summary>The first instant behind this one at which quiet begins or ends; null when it never does.</summary>
    public static DateTimeOffset? NextChange(QuietHours hours, DateTimeOffset at, TimeZoneInfo zone)
    {
        var isQuiet = IsQuiet(hours, at, zone);
        DateTimeOffset? first = null;
        foreach (var edge in Edges(hours, at, zone))
            if (edge > at && (first is null || edge < first) && IsQuiet(hours, edge, zone) != isQuiet)
                first = edge;
        return first;
    }

    /// <summary>Every instant of the week to come at which the answer may change: midnights, both times, and clock changes.</summary>
    private static IEnumerable<DateTimeOffset> Edges(QuietHours hours, DateTimeOffset at, TimeZoneInfo zone)
    {
        var today = TimeZoneInfo.ConvertTime(at, zone).Date;
        for (var day = 0; day <= DaysAWeek + 1; day++)
        {
            foreach (var time in (TimeSpan[])[TimeSpan.Zero, Time(hours.From), Time(hours.To)])
                foreach (var instant in LocalTime.Instants(today.AddDays(day) + time, zone))
                    yield return instant;
            if (LocalTime.ClockChange(at.AddDays(day), at.AddDays(day + 1), zone) is { } change) yield return change;
        }
    }

    private static TimeSpan Time(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture).ToTimeSpan();
}
