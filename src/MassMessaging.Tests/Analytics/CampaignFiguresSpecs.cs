using System.Net;
using System.Text.Json;
using MassMessaging.Kernel;
using MassMessaging.Simulator;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Analytics;

/// <summary>One campaign to four people of three labels, in two variants: one of them is not on WhatsApp.</summary>
public sealed class CampaignFiguresSpecs(TestCluster cluster) : IAsyncLifetime
{
    private static readonly string[] Counts = ["sentCount", "deliveredCount", "readCount", "repliedCount", "failedCount", "skippedCount", "inDoubtCount"];
    private TestApp app = null!;
    private Advisor advisor = null!;
    private Guid campaign;
    private Guid ana;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        advisor = await Advisor.Of(app);
        ana = await advisor.HasClient("Ana", "afiliado");
        await advisor.HasClient("Beto", "afiliado");
        await advisor.HasClient("Carla", "prospecto");
        await advisor.HasClient("Dora");
        await advisor.Post("/api/whatsapp/connect");
        var drafted = await advisor.Post("/api/campaigns", new
        {
            name = "Marzo", objective = "ventas", audience = new { all = true },
            variants = new[] { new { name = "Corta", share = 50, messageContent = "Hola" }, new { name = "Larga", share = 50, messageContent = "Buenos días" } },
        });
        drafted.Is(HttpStatusCode.Created);
        campaign = drafted.Id;
        app.Simulator.Faults.Set(new Fault(FaultKind.NotOnWhatsapp, Times: 1));
        await advisor.Post($"/api/campaigns/{campaign}/send");
        await Ends();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task They_are_those_of_the_campaigns_row_with_what_follows_from_them()
    {
        var (row, figures) = (await advisor.Get($"/api/campaigns/{campaign}"), await Figures());

        foreach (var count in (string[])["totalRecipients", "pendingCount", .. Counts]) Assert.Equal((count, row[count].GetInt64()), (count, figures[count].GetInt64()));
        Assert.Equal(("sent", row["startedAt"].GetString(), row["sentAt"].GetString()),
            (figures["status"].GetString(), figures["startedAt"].GetString(), figures["completedAt"].GetString()));
        Assert.Equal((1.0, 1.0, 0.0, 0.25, 1.0), (
            Rate(figures.Body, "deliveryRate"), Rate(figures.Body, "readRate"), Rate(figures.Body, "replyRate"), Rate(figures.Body, "failureRate"),
            Rate(figures.Body, "completionRate")));
        Assert.Equal(3, figures["sendTime"].GetProperty("count").GetInt64());
        Assert.Equal(
            ["p50Seconds", "p90Seconds", "p95Seconds", "p99Seconds"],
            figures["sendTime"].EnumerateObject().Where(one => one.Name[0] == 'p' && one.Value.GetDouble() >= 0).Select(one => one.Name));
        Assert.Equal("America/Mexico_City", figures["timeZone"].GetString());
    }

    [Fact]
    public async Task Labels_variants_and_hours_add_up_to_them()
    {
        var figures = await Figures();
        var row = await advisor.Get($"/api/campaigns/{campaign}");

        Assert.Equal(["afiliado", "consumidor", "prospecto"], figures["byLabel"].EnumerateArray().Select(one => one.GetProperty("label").GetString()));
        Assert.Equal(["Corta", "Larga"], figures["byVariant"].EnumerateArray().Select(one => one.GetProperty("variant").GetString()));
        foreach (var part in (string[])["byLabel", "byVariant", "byHour"])
            foreach (var count in Counts)
                Assert.Equal((part, count, figures[count].GetInt64()), (part, count, figures[part].EnumerateArray().Sum(one => one.GetProperty(count).GetInt64())));
        foreach (var (shown, place) in row["variants"].EnumerateArray().Select((one, place) => (one, place)))
            foreach (var count in Counts)
                Assert.Equal(shown.GetProperty(count).GetInt64(), figures["byVariant"][place].GetProperty(count).GetInt64());
        var hour = figures["byHour"][0];
        Assert.Equal((hour.GetProperty("startsAt").GetDateTimeOffset().Hour + 18) % 24, hour.GetProperty("hour").GetInt32()); // Mexico City: 6 behind UTC
        Assert.Equal("""[{"reason":"not-on-whatsapp","count":1}]""", figures["failureReasons"].GetRawText());
        Assert.Equal("[]", figures["skipReasons"].GetRawText());
    }

    [Fact]
    public async Task A_failure_that_is_tried_again_is_one_no_more()
    {
        await app.Database.Execute("update campaign_audience set reason = 'gateway-error' where status = 'failed'"); // one worth trying again

        (await advisor.Post($"/api/campaigns/{campaign}/retry-failed")).Is(HttpStatusCode.Accepted);
        await Ends();

        var figures = await Figures();
        Assert.Equal((4, 0, 0), (figures["sentCount"].GetInt32(), figures["failedCount"].GetInt32(), figures["failureReasons"].GetArrayLength()));
    }

    [Fact]
    public async Task Erasing_a_client_changes_no_figure_and_neither_does_a_rebuild_after_it()
    {
        var before = await Everything();
        var rows = await Rows();

        (await advisor.Delete($"/api/clients/{ana}")).Is(HttpStatusCode.NoContent);
        await app.Settle();
        foreach (var view in (string[])["campaign-figures", "campaign-durations"]) await app.Services.GetRequiredService<ViewRebuild>().Run(view, default);

        Assert.Equal(before, await Everything());
        Assert.Equal(rows, await Rows());
    }

    [Fact]
    public async Task Of_another_profile_nothing_is_known()
    {
        var other = await Advisor.Of(app);

        (await other.Get($"/api/analytics/campaigns/{campaign}")).Is(HttpStatusCode.NotFound, "not-found");
        var overview = await other.Get("/api/analytics/overview");
        Assert.Equal((0, 0), (overview["sentCount"].GetInt32(), overview["campaigns"].GetProperty("startedCount").GetInt32()));
        Assert.All((await other.Get("/api/analytics/timeseries")).Body.GetProperty("points").EnumerateArray(), point => Assert.Equal(0, point.GetProperty("value").GetDouble()));
    }

    [Fact]
    public async Task A_draft_has_figures_of_nobody()
    {
        var draft = await advisor.HasDraft(new { all = true });

        var figures = await advisor.Get($"/api/analytics/campaigns/{draft}");

        Assert.Equal(("draft", 0), (figures["status"].GetString(), figures["totalRecipients"].GetInt32()));
        Assert.Equal(JsonValueKind.Null, figures["deliveryRate"].ValueKind);
        Assert.Equal(JsonValueKind.Null, figures["sendTime"].GetProperty("p50Seconds").ValueKind);
        Assert.Equal(JsonValueKind.Null, figures["byVariant"].ValueKind);
    }

    [Fact]
    public async Task A_cancelled_campaign_waits_for_nobody_as_its_row_says()
    {
        app.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed));
        var cancelled = await advisor.HasDraft(new { all = true });
        await advisor.Post($"/api/campaigns/{cancelled}/send");
        await app.Drain();
        (await advisor.Post($"/api/campaigns/{cancelled}/cancel")).Is(HttpStatusCode.OK);

        var (row, figures) = (await advisor.Get($"/api/campaigns/{cancelled}"), await advisor.Get($"/api/analytics/campaigns/{cancelled}"));

        foreach (var count in (string[])["totalRecipients", "pendingCount", .. Counts]) Assert.Equal((count, row[count].GetInt64()), (count, figures[count].GetInt64()));
        Assert.Equal(0, figures["pendingCount"].GetInt32());
        Assert.Equal("cancelled", figures["status"].GetString());
    }

    [Fact]
    public async Task The_overview_of_the_period_knows_the_campaign_and_its_messages()
    {
        var (overview, figures) = (await advisor.Get("/api/analytics/overview"), await Figures());

        foreach (var count in Counts) Assert.Equal((count, figures[count].GetInt64()), (count, overview[count].GetInt64()));
        Assert.Equal((1, 1, 1.0), (
            overview["campaigns"].GetProperty("startedCount").GetInt32(), overview["campaigns"].GetProperty("sentCount").GetInt32(),
            Rate(overview["campaigns"], "completionRate")));
        foreach (var same in (string[])["sendTime", "deliveryTime", "failureReasons", "deliveryRate"]) Assert.Equal(figures[same].GetRawText(), overview[same].GetRawText());
        Assert.Equal(figures["byHour"].EnumerateArray().Select(one => one.GetProperty("hour").GetInt32()).Order(), overview["byHour"].EnumerateArray().Select(one => one.GetProperty("hour").GetInt32()));
        Assert.Equal(3, overview["byLabel"].GetArrayLength());
    }

    /// <summary>A permit may have ended unused, and its message waits again.</summary>
    private Task Ends() => Eventually.True(
        async () =>
        {
            await app.Settle();
            return (await advisor.Get($"/api/campaigns/{campaign}"))["status"].GetString() == "sent";
        },
        TimeSpan.FromMinutes(1), "everybody is settled");

    private static double Rate(JsonElement of, string name) => of.GetProperty(name).GetDouble();

    private Task<Answer> Figures() => advisor.Get($"/api/analytics/campaigns/{campaign}");

    /// <summary>What all routes answer, but for the instant of the question.</summary>
    private async Task<string> Everything()
    {
        var answers = new List<string>();
        foreach (var path in (string[])[$"campaigns/{campaign}", "overview?from=2026-01-01&to=2026-12-31", "timeseries?from=2026-01-01&to=2026-12-31"])
        {
            var answer = await advisor.Get($"/api/analytics/{path}");
            answers.AddRange(answer.Body.EnumerateObject().Where(field => field.Name != "asOf").Select(field => field.ToString()));
        }

        return string.Join('\n', answers);
    }

    private Task<string?> Rows() => app.Database.Value<string>(
        """
        select (select string_agg(f::text, E'\n' order by f::text) from campaign_figures f) || E'\n'
            || (select string_agg(d::text, E'\n' order by d::text) from campaign_durations d)
        """);
}
