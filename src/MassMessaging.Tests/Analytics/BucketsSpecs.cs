using MassMessaging.Analytics;

namespace MassMessaging.Tests.Analytics;

public sealed class BucketsSpecs
{
    [Fact]
    public void A_day_on_which_the_clock_is_put_forward_has_23_hours()
    {
        var period = Of("Europe/Madrid", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");

        Assert.Equal(23, Buckets.Starts(period, Bucket.Hour, 100).Count);
        Assert.Equal([period.From], Buckets.Starts(period, Bucket.Day, 100));
    }

    [Fact]
    public void A_day_on_which_it_is_put_back_has_25() =>
        Assert.Equal(25, Buckets.Starts(Of("Europe/Madrid", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"), Bucket.Hour, 100).Count);

    [Fact]
    public void Weeks_begin_on_Monday_and_months_on_the_first_and_the_first_bucket_is_whole()
    {
        var period = Of("America/Mexico_City", "2026-02-25T12:00:00Z", "2026-03-10T00:00:00Z");

        Assert.Equal(["2026-02-23T06:00", "2026-03-02T06:00", "2026-03-09T06:00"], Texts(Buckets.Starts(period, Bucket.Week, 100)));
        Assert.Equal(["2026-02-01T06:00", "2026-03-01T06:00"], Texts(Buckets.Starts(period, Bucket.Month, 100)));
    }

    [Fact]
    public void Hours_of_a_zone_with_half_an_hour_begin_at_half() => Assert.Equal(
        ["2026-02-25T11:30", "2026-02-25T12:30"], Texts(Buckets.Starts(Of("Asia/Kolkata", "2026-02-25T12:00:00Z", "2026-02-25T13:15:00Z"), Bucket.Hour, 100)));

    [Fact]
    public void Hours_only_go_forward_where_the_clock_moves_by_half_an_hour()
    {
        var starts = Buckets.Starts(Of("Australia/Lord_Howe", "2026-04-03T00:00:00Z", "2026-04-06T00:00:00Z"), Bucket.Hour, 100);

        Assert.Equal(starts.Distinct().Order(), starts);
        Assert.InRange(starts.Count, 72, 74);
    }

    [Fact]
    public void The_offsets_are_those_of_the_whole_stretch()
    {
        var offsets = ZoneOffsets.Of(
            TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid"), DateTimeOffset.Parse("2026-01-01T00:00:00Z", null), DateTimeOffset.Parse("2026-12-31T00:00:00Z", null));

        Assert.Equal([60, 120, 60], offsets.Minutes);
        Assert.Equal(["2026-01-01T00:00", "2026-03-29T01:00", "2026-10-25T01:00"], Texts(offsets.Since));
    }

    private static Period Of(string zone, string from, string to) =>
        new(DateTimeOffset.Parse(from, null), DateTimeOffset.Parse(to, null), TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static IEnumerable<string> Texts(IEnumerable<DateTimeOffset> times) =>
        times.Select(time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture));
}
