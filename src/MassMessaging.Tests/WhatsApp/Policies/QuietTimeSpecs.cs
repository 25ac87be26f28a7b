using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Tests.WhatsApp.Policies;

public sealed class QuietTimeSpecs
{
    private static readonly QuietHours Night = new("21:00", "08:00", []);
    private static readonly TimeZoneInfo Mexico = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");
    private static readonly TimeZoneInfo Madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");
    private static readonly TimeZoneInfo Santiago = TimeZoneInfo.FindSystemTimeZoneById("America/Santiago");

    [Theory]
    [InlineData("2026-03-02T20:59:59-06:00", "2026-03-02T20:59:59-06:00")]
    [InlineData("2026-03-02T21:00:00-06:00", "2026-03-03T08:00:00-06:00")]
    [InlineData("2026-03-03T07:59:59-06:00", "2026-03-03T08:00:00-06:00")]
    [InlineData("2026-03-03T08:00:00-06:00", "2026-03-03T08:00:00-06:00")]
    public void Over_midnight_it_ends_in_the_morning(string at, string allowed) =>
        Assert.Equal(Time(allowed), QuietTime.NextAllowed(Night, Time(at), Mexico));

    [Fact]
    public void A_quiet_day_is_quiet_as_a_whole_and_the_night_behind_it_too() => Assert.Equal(
        Time("2026-03-02T08:00:00-06:00"),
        QuietTime.NextAllowed(Night with { Days = ["sun"] }, Time("2026-03-01T12:00:00-06:00"), Mexico)); // a Sunday

    [Fact]
    public void From_equal_to_to_is_no_time_of_day() =>
        Assert.False(QuietTime.IsQuiet(new("08:00", "08:00", []), Time("2026-03-02T08:00:00-06:00"), Mexico));

    [Fact]
    public void A_week_of_quiet_days_never_ends() => Assert.Null(QuietTime.NextAllowed(
        Night with { Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] }, Time("2026-03-01T12:00:00Z"), Mexico));

    [Fact]
    public void An_end_that_the_clock_jumps_over_is_the_jump() => Assert.Equal(
        Time("2026-03-29T03:00:00+02:00"), QuietTime.NextAllowed(new("22:00", "02:30", []), Time("2026-03-29T01:00:00+01:00"), Madrid));

    [Fact]
    public void A_clock_put_back_over_the_beginning_ends_it() => Assert.Equal(
        Time("2026-10-25T02:00:00+01:00"), QuietTime.NextAllowed(new("02:30", "06:00", []), Time("2026-10-25T02:45:00+02:00"), Madrid));

    [Fact]
    public void A_day_whose_midnight_is_skipped_begins_at_one() // Chile puts its clocks forward at midnight.
    {
        Assert.Equal(Time("2026-09-06T01:00:00-03:00"), DailyLimit.NextDay(Time("2026-09-05T15:00:00-04:00"), Santiago));
        Assert.Equal(
            Time("2026-09-06T01:00:00-03:00"),
            QuietTime.NextAllowed(new("00:00", "00:00", ["sat"]), Time("2026-09-05T15:00:00-04:00"), Santiago));
    }

    [Fact]
    public void Nothing_between_an_instant_and_the_next_allowed_one_is_allowed_in_any_zone() =>
        Prop.ForAll(Cases(), one =>
        {
            var (hours, at, zone) = one;
            if (QuietTime.NextAllowed(hours, at, zone) is not { } allowed)
            {
                Assert.Equal(7, hours.Days.Count);
                return;
            }

            Assert.True(allowed >= at && !QuietTime.IsQuiet(hours, allowed, zone), $"{allowed:o}");
            for (var between = at; between < allowed; between += TimeSpan.FromMinutes(7))
                Assert.True(QuietTime.IsQuiet(hours, between, zone), $"{between:o} before {allowed:o}");
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_answer_stays_the_same_until_the_next_change() =>
        Prop.ForAll(Cases(), one =>
        {
            var (hours, at, zone) = one;
            var isQuiet = QuietTime.IsQuiet(hours, at, zone);
            var change = QuietTime.NextChange(hours, at, zone);
            for (var between = at; between < (change ?? at.AddDays(9)); between += TimeSpan.FromMinutes(11))
                Assert.Equal(isQuiet, QuietTime.IsQuiet(hours, between, zone));
            if (change is { } changed) Assert.NotEqual(isQuiet, QuietTime.IsQuiet(hours, changed, zone));
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<(QuietHours Hours, DateTimeOffset At, TimeZoneInfo Zone)> Cases() => (
        from fromMinutes in Gen.Choose(0, 1439)
        from toMinutes in Gen.Choose(0, 1439)
        from days in Gen.SubListOf("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        from minutes in Gen.Choose(0, 2 * 366 * 1440)
        from zone in Gen.Elements("America/Mexico_City", "America/Santiago", "Europe/Madrid", "America/Havana", "America/Asuncion", "Australia/Lord_Howe", "UTC")
        select (
            new QuietHours(Clock(fromMinutes), Clock(toMinutes), [.. days]), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes),
            TimeZoneInfo.FindSystemTimeZoneById(zone))).ToArbitrary();

    private static string Clock(int minutes) => TimeOnly.MinValue.AddMinutes(minutes).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
