using System.Net;
using System.Text.Json;
using MassMessaging.Analytics.Views;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Analytics;

/// <summary>Periods, zones and buckets over rows of the views as they are written.</summary>
public sealed class PeriodSpecs(TestApp app) : IClassFixture<TestApp>
{
    private static readonly Guid Campaign = Guid.CreateVersion7();

    [Fact]
    public async Task A_day_is_one_of_the_profiles_zone_and_its_last_quarter_is_in_it()
    {
        var advisor = await In("Asia/Kolkata");
        await Sent(advisor, "2026-02-28T18:15:00Z", 1); // 23:45 of 28 February
        await Sent(advisor, "2026-02-28T18:30:00Z", 2); // midnight
        await Sent(advisor, "2026-03-01T18:15:00Z", 4);
        await Sent(advisor, "2026-03-01T18:30:00Z", 8);

        var overview = await advisor.Get("/api/analytics/overview?from=2026-03-01&to=2026-03-01");

        Assert.Equal(6, overview["sentCount"].GetInt32());
        Assert.Equal(("2026-02-28T18:30:00.000Z", "2026-03-01T18:30:00.000Z", "Asia/Kolkata"),
            (overview["from"].GetString(), overview["to"].GetString(), overview["timeZone"].GetString()));
        Assert.Equal([0, 23], overview["byHour"].EnumerateArray().Select(hour => hour.GetProperty("hour").GetInt32()));
        Assert.Equal(["2026-02-28T18:30:00.000Z 6"], await Points(advisor, "from=2026-03-01&to=2026-03-01&bucket=day"));
    }

    [Fact]
    public async Task Every_bucket_of_a_period_has_a_point_and_rates_of_nobody_are_null()
    {
        var advisor = await In("America/Mexico_City");
        await Sent(advisor, "2026-03-02T06:00:00Z", 4, delivered: 3);

        Assert.Equal(
            ["2026-03-01T06:00:00.000Z 0", "2026-03-02T06:00:00.000Z 4", "2026-03-03T06:00:00.000Z 0"],
            await Points(advisor, "metric=sent&from=2026-03-01&to=2026-03-03&bucket=day"));
        Assert.Equal(
            ["2026-03-01T06:00:00.000Z ", "2026-03-02T06:00:00.000Z 0.75", "2026-03-03T06:00:00.000Z "],
            await Points(advisor, "metric=delivery_rate&from=2026-03-01&to=2026-03-03&bucket=day"));
        Assert.Equal(24 * 3, (await Points(advisor, "from=2026-03-01&to=2026-03-03&bucket=hour")).Count);
        Assert.Equal(["2026-02-23T06:00:00.000Z 0", "2026-03-02T06:00:00.000Z 4"], await Points(advisor, "from=2026-03-01&to=2026-03-03&bucket=week"));
        Assert.Equal(["2026-03-01T06:00:00.000Z 4"], await Points(advisor, "from=2026-03-01&to=2026-03-03&bucket=month"));
    }

    [Fact]
    public async Task Times_are_averaged_exactly_and_ranked_within_five_percent()
    {
        var advisor = await In("America/Mexico_City");
        await Sent(advisor, "2026-03-02T06:00:00Z", 100, delivered: 0, milliseconds: 123_456);
        foreach (var (milliseconds, samples) in ((long, int)[])[(2, 49), (1000, 2), (5000, 40), (60_000, 9)])
            await app.Database.Execute($"""
                insert into campaign_durations
                select profile_id, id, starts_at, 'send', {DurationScale.AtLeast(milliseconds)}, {samples}
                from campaign_figures where profile_id = '{await Profile(advisor)}'
                """);

        var time = (await advisor.Get("/api/analytics/overview?from=2026-03-01&to=2026-03-03"))["sendTime"];

        Assert.Equal((100, 1.235), (time.GetProperty("count").GetInt32(), time.GetProperty("averageSeconds").GetDouble()));
        Assert.InRange(time.GetProperty("p50Seconds").GetDouble(), 0.95, 1.05);
        Assert.InRange(time.GetProperty("p90Seconds").GetDouble(), 4.75, 5.25);
        Assert.InRange(time.GetProperty("p99Seconds").GetDouble(), 57, 63);
    }

    [Theory]
    [InlineData("overview?from=ayer", "from")]
    [InlineData("overview?to=2026-13-01", "to")]
    [InlineData("overview?from=2026-03-01&to=2026-02-01", "from")]
    [InlineData("overview?from=2026-03-01T00:00:00Z&to=2026-03-01T00:00:00Z", "from")]
    [InlineData("overview?from=2024-01-01&to=2026-03-01", "to")]
    [InlineData("overview?from=ayer&to=hoy", "from", "to")]
    [InlineData("timeseries?metric=sentCount", "metric")]
    [InlineData("timeseries?bucket=year", "bucket")]
    [InlineData("timeseries?from=2026-01-01&to=2026-03-01&bucket=hour", "bucket")]
    [InlineData("timeseries?metric=x&bucket=y&from=z&to=2999-99-99", "bucket", "from", "metric", "to")]
    public async Task What_cannot_be_asked_is_refused_with_every_wrong_value_named(string path, params string[] wrong)
    {
        var advisor = await Advisor.Of(app);

        var refused = await advisor.Get($"/api/analytics/{path}");

        refused.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(wrong, refused.WrongFields);
    }

    [Fact]
    public async Task Times_with_an_offset_are_taken_and_the_edges_are_full_quarters()
    {
        var advisor = await In("America/Mexico_City");

        var overview = await advisor.Get("/api/analytics/overview?from=2026-03-01T00:07:00-06:00&to=2026-03-01T01:01:00-06:00");

        Assert.Equal(("2026-03-01T06:00:00.000Z", "2026-03-01T07:15:00.000Z"), (overview["from"].GetString(), overview["to"].GetString()));
    }

    [Fact]
    public async Task What_the_views_have_not_taken_in_yet_is_told_by_asOf()
    {
        var advisor = await In("America/Mexico_City");
        var caughtUp = (await advisor.Get("/api/analytics/overview"))["asOf"].GetDateTimeOffset();
        await advisor.HasDraft(new { all = true }); // nobody drains
        var drafted = await app.Database.Value<DateTime>("select max(timestamp) from mt_events");

        var behind = (await advisor.Get("/api/analytics/overview"))["asOf"].GetDateTimeOffset();

        Assert.True(caughtUp.UtcDateTime <= drafted);
        Assert.InRange(behind.UtcDateTime, drafted.AddMilliseconds(-1), drafted);
        await app.Drain();
    }

    private async Task<Advisor> In(string zone)
    {
        var advisor = await Advisor.Of(app);
        (await advisor.Put("/api/profile", new { timeZone = zone })).Is(HttpStatusCode.OK);
        await app.Drain();
        return advisor;
    }

    private static async Task<Guid> Profile(Advisor advisor) => (await advisor.Get("/api/profile")).Id;

    private async Task Sent(Advisor advisor, string startsAt, int count, int delivered = 0, long milliseconds = 0) => await app.Database.Execute($"""
        insert into campaign_figures (profile_id, id, starts_at, label, variant, reason, total, sent, delivered, sends, send_milliseconds)
        values ('{await Profile(advisor)}', '{Campaign}', '{startsAt}', 'consumidor', '', '', {count}, {count}, {delivered}, {count}, {milliseconds})
        """);

    private static async Task<List<string>> Points(Advisor advisor, string query)
    {
        var answer = await advisor.Get($"/api/analytics/timeseries?{query}");
        answer.Is(HttpStatusCode.OK);
        return [.. answer["points"].EnumerateArray().Select(point =>
            $"{point.GetProperty("startsAt").GetString()} {(point.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetRawText() : "")}")];
    }
}
