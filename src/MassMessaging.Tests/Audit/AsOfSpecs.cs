using System.Globalization;
using System.Net;
using System.Text.Json;
using MassMessaging.Audit;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Audit;

/// <summary>The campaign, its counters and its members as they were.</summary>
[Collection(nameof(AuditRun))]
public sealed class AsOfSpecs(AuditRun run)
{
    [Fact]
    public async Task At_its_end_it_is_the_row_that_is_shown()
    {
        var shown = await run.Advisor.Get($"/api/campaigns/{run.Campaign}");

        Assert.Equal(shown.Body.ToString(), (await State("")).Body.ToString());
    }

    [Fact]
    public async Task At_each_version_it_is_what_its_events_had_made_of_it()
    {
        var own = (await run.History(run.Campaign)).Where(one => one.GetProperty("memberId").ValueKind == JsonValueKind.Null).ToList();

        var states = new List<string>();
        foreach (var version in Enumerable.Range(1, own.Count)) states.Add((await State($"?version={version}"))["status"].GetString()!);

        Assert.Equal(
            own.Select(one => one.GetProperty("type").GetString() switch
            {
                "campaign_drafted" => "draft",
                "campaign_completed" => "sent",
                _ => "sending",
            }),
            states);
    }

    [Fact]
    public async Task At_each_place_in_the_log_the_counters_are_the_fold_up_to_there()
    {
        var trail = run.App.Services.GetRequiredService<AuditTrail>();
        var profile = (await run.Advisor.Get("/api/profile")).Id;
        var folded = new CampaignCounters(profile, run.Campaign);
        var events = new List<RecordedEvent>();
        await foreach (var recorded in trail.Recorded(new StreamKey(profile, run.Campaign), long.MaxValue, default)) events.Add(recorded);

        foreach (var recorded in events)
        {
            if (CampaignCounters.Increment(recorded) is { } more)
                folded = folded with { Total = folded.Total + more.Total, Sent = folded.Sent + more.Sent, Read = folded.Read + more.Read };
            var state = await State($"?seq={recorded.Seq}");
            Assert.Equal(
                (folded.Total, folded.Sent, folded.Read),
                (state["totalRecipients"].GetInt64(), state["sentCount"].GetInt64(), state["readCount"].GetInt64()));
        }
    }

    [Fact]
    public async Task At_an_instant_it_is_what_had_been_recorded()
    {
        var history = await run.History(run.Campaign);
        var first = history[0].GetProperty("at").GetDateTimeOffset().AddMilliseconds(1);
        var now = await State($"?at={Uri.EscapeDataString(run.App.Services.GetRequiredService<TimeProvider>().GetUtcNow().ToString("O", CultureInfo.InvariantCulture))}");

        Assert.Equal("sent", now["status"].GetString());
        Assert.Equal(3, now["readCount"].GetInt64());
        Assert.Equal("draft", (await State($"?at={Uri.EscapeDataString(first.ToString("O", CultureInfo.InvariantCulture))}"))["status"].GetString());
    }

    [Fact]
    public async Task Texts_are_those_of_that_time_and_gone_with_a_deleted_draft()
    {
        var draft = await run.Advisor.HasDraft(name: "Antes");
        (await run.Advisor.Put($"/api/campaigns/{draft}", new { name = "Después" })).Is(HttpStatusCode.OK);
        var path = $"/api/audit/campaigns/{draft}/state";

        Assert.Equal("Antes", (await run.Advisor.Get($"{path}?version=1"))["name"].GetString());
        Assert.Equal("Después", (await run.Advisor.Get($"{path}?version=2"))["name"].GetString());

        (await run.Advisor.Delete($"/api/campaigns/{draft}")).Is(HttpStatusCode.NoContent);
        Assert.Equal("[erased]", (await run.Advisor.Get($"{path}?version=2"))["name"].GetString());
        (await run.Advisor.Get(path)).Is(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_member_stands_where_its_events_had_brought_it()
    {
        var member = (await run.History(run.Campaign)).First(one => one.GetProperty("type").GetString() == "message_queued").GetProperty("memberId").GetGuid();
        var path = $"/api/audit/campaigns/{run.Campaign}/members/{member}/state";

        Assert.Equal("pending", (await run.Advisor.Get($"{path}?version=1"))["status"].GetString());
        Assert.Equal("sending", (await run.Advisor.Get($"{path}?version=2"))["status"].GetString());
        var now = await run.Advisor.Get(path);
        Assert.Equal("read", now["status"].GetString());
        Assert.False(now["erased"].GetBoolean());
        Refused(await run.Advisor.Get($"{path}?version=99"), "version-out-of-range");
        Refused(await run.Advisor.Get($"{path}?seq=0"), "seq-out-of-range");
        Refused(await run.Advisor.Get($"{path}?at=2001-01-01T00:00:00Z"), "instant-out-of-range");
        (await run.Advisor.Get($"{path}?version=1&seq=1")).Is(HttpStatusCode.BadRequest, "validation-failed");
    }

    [Theory]
    [InlineData("version=0", "version-out-of-range")]
    [InlineData("version=99", "version-out-of-range")]
    [InlineData("seq=0", "seq-out-of-range")]
    [InlineData("seq=999999999", "seq-out-of-range")]
    [InlineData("at=2001-01-01T00:00:00Z", "instant-out-of-range")]
    [InlineData("at=2199-01-01T00:00:00Z", "instant-out-of-range")]
    [InlineData("version=1&seq=1", "validation-failed")]
    public async Task What_never_was_is_refused(string asked, string code) => Refused(await State($"?{asked}"), code);

    private static void Refused(MassMessaging.Tests.Campaigns.Answer answer, string code) => answer.Is(HttpStatusCode.BadRequest, code);

    private Task<MassMessaging.Tests.Campaigns.Answer> State(string query) => run.Advisor.Get($"/api/audit/campaigns/{run.Campaign}/state{query}");
}
