using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Analytics;

public enum Bucket
{
    Hour,
    Day,

    /// <summary>From Monday on.</summary>
    Week,
    Month,
}

/// <summary>Hours, days, weeks and months of a time zone's wall clock, as instants. Pure.</summary>
public static class Buckets
{
    /// <summary>Where the buckets begin that have a part in the period, ascending; one more than <paramref name="most"/> at most.</summary>
    public static IReadOnlyList<DateTimeOffset> Starts(Period period, Bucket bucket, int most)
    {
        var starts = new List<DateTimeOffset>();
        for (var start = StartOf(period.From, bucket, period.Zone); start < period.To && starts.Count <= most; start = Next(start, bucket, period.Zone))
            starts.Add(start);
        return starts;
    }

    private static DateTimeOffset StartOf(DateTimeOffset at, Bucket bucket, TimeZoneInfo zone)
    {
        var day = LocalTime.DayOf(at, zone);
        return bucket switch
        {
            Bucket.Hour => at - TimeSpan.FromTicks(TimeZoneInfo.ConvertTime(at, zone).Ticks % TimeSpan.TicksPerHour),
            Bucket.Day => LocalTime.StartOf(day, zone),
            Bucket.Week => LocalTime.StartOf(day.AddDays(-(((int)day.DayOfWeek + 6) % 7)), zone),
            _ => LocalTime.StartOf(new DateOnly(day.Year, day.Month, 1), zone),
        };
    }

    // By the calendar, for a day may have 23 or 25 hours. Where the clock moves by half an hour, an hour is cut short.
    private static DateTimeOffset Next(DateTimeOffset start, Bucket bucket, TimeZoneInfo zone)
    {
        var day = LocalTime.DayOf(start, zone);
        if (bucket == Bucket.Hour)
        {
            var next = StartOf(start.AddHours(1), bucket, zone);
            return next > start ? next : start.AddHours(1);
        }

        return LocalTime.StartOf(
            bucket switch
            {
                Bucket.Day => day.AddDays(1),
                Bucket.Week => day.AddDays(7),
                _ => new DateOnly(day.Year, day.Month, 1).AddMonths(1),
            },
            zone);
    }
}
