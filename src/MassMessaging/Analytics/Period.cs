using System.Globalization;
using MassMessaging.Analytics.Views;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Analytics;

/// <summary>A stretch of time in the profile's time zone, from and to at full quarters of an hour, to not included.</summary>
public sealed record Period(DateTimeOffset From, DateTimeOffset To, TimeZoneInfo Zone)
{
    public const string FromExpected = "A time, or a day of the profile's time zone (its beginning). Thirty days before `to` if left out.";
    public const string ToExpected = "A time (not included), or a day (included). Now if left out.";

    private const int MostDays = 400;
    private const string Expected = "must be a time with an offset, as in 2026-01-31T18:30:00Z, or a day, as in 2026-01-31";
    private const string ZoneOf = "select time_zone from profile where id = @profile";

    public static async Task<TimeZoneInfo> OfProfile(IStore store, Guid profile, CancellationToken ct) =>
        ClientZones.Find((await store.Query(ZoneOf, row => row.GetString(0), ct, ("profile", profile))).SingleOrDefault() ?? "");

    /// <summary>Null when <paramref name="query"/> says what is wrong.</summary>
    public static Period? Read(Query query, TimeZoneInfo zone, DateTimeOffset now)
    {
        var from = Edge(query, "from", zone, daysOn: 0);
        var to = Edge(query, "to", zone, daysOn: 1);
        if (query.AreWrong) return null;

        var end = Ceiling(to ?? now);
        var period = new Period(MessageTimes.Floor(from ?? end.AddDays(-30)), end, zone);
        if (period.From >= period.To) query.Wrong("from", "must be before to");
        else if ((period.To - period.From).TotalDays > MostDays) query.Wrong("to", $"must be at most {MostDays} days after from");
        return query.AreWrong ? null : period;
    }

    private static DateTimeOffset? Edge(Query query, string name, TimeZoneInfo zone, int daysOn)
    {
        if (query.Text(name, 64) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and < 3000)
            return LocalTime.StartOf(day.AddDays(daysOn), zone);
        if (TextRules.TryTime(text.Replace(' ', '+'), out var time)) return time;

        query.Wrong(name, Expected);
        return null;
    }

    private static DateTimeOffset Ceiling(DateTimeOffset at) => MessageTimes.Floor(at + MessageTimes.QuarterHour - TimeSpan.FromTicks(1));
}
