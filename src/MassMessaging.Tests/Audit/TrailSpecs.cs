using System.Net;
using System.Text.Json;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Audit;

/// <summary>A campaign's history as the API tells it.</summary>
[Collection(nameof(AuditRun))]
public sealed class TrailSpecs(AuditRun run)
{
    [Fact]
    public async Task It_holds_the_campaigns_and_its_members_events_in_the_order_of_the_log()
    {
        var history = await run.History(run.Campaign);

        Assert.Equal(
            ["seq", "streamId", "memberId", "version", "type", "at", "actor", "correlationId", "causationId", "data"],
            history[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(history.Select(Seq).Order(), history.Select(Seq));
        Assert.Equal("campaign_drafted", Type(history[0]));
        Assert.Equal(
            ["audience_planned", "campaign_completed", "campaign_drafted", "campaign_launched"],
            history.Where(one => one.GetProperty("memberId").ValueKind == JsonValueKind.Null).Select(Type).Order(StringComparer.Ordinal));
        Assert.All(
            history.Where(one => one.GetProperty("memberId").ValueKind != JsonValueKind.Null).GroupBy(one => one.GetProperty("streamId").GetGuid()),
            member =>
            {
                Assert.Equal(Enumerable.Range(1, member.Count()).Select(version => (long)version), member.Select(one => one.GetProperty("version").GetInt64()));
                Assert.Equal(["message_queued", "message_attempted"], member.Take(2).Select(Type));
                Assert.Equal("message_read", Type(member.Last()));
            });
    }

    [Fact]
    public async Task Every_event_goes_back_to_the_request_that_launched_it_and_names_what_led_to_it()
    {
        var history = await run.History(run.Campaign);
        var launch = history.Single(one => Type(one) == "campaign_launched");
        var members = history.Where(one => one.GetProperty("memberId").ValueKind != JsonValueKind.Null).ToList();

        Assert.StartsWith("user:", launch.GetProperty("actor").GetString(), StringComparison.Ordinal);
        Assert.All(members, one => Assert.Equal(launch.GetProperty("correlationId").GetString(), one.GetProperty("correlationId").GetString()));
        Assert.All(members, one => Assert.Matches("^(message|event):[0-9]+$", one.GetProperty("causationId").GetString()));
        Assert.All(members.Where(one => Type(one) == "message_attempted"), attempted => Assert.Equal(
            $"event:{Seq(history.Single(one => Type(one) == "message_queued" && one.GetProperty("streamId").GetGuid() == attempted.GetProperty("streamId").GetGuid()))}",
            attempted.GetProperty("causationId").GetString()));
        Assert.Equal("gateway", members.First(one => Type(one) == "message_sent").GetProperty("actor").GetString());
    }

    [Fact]
    public async Task What_a_request_wrote_is_in_the_next_answer()
    {
        var draft = await run.Advisor.HasDraft();

        Assert.Equal(["campaign_drafted"], (await run.History(draft)).Select(Type));
    }

    [Fact]
    public async Task Pages_go_on_behind_a_seq_and_the_streams_tell_the_same()
    {
        var history = await run.History(run.Campaign);
        var path = $"/api/audit/campaigns/{run.Campaign}";

        var second = await run.Advisor.Get($"{path}?limit=2&after={Seq(history[1])}");
        var ndjson = await run.Advisor.Http.GetStringAsync($"{path}?format=ndjson");
        var csv = await run.Advisor.Http.GetStringAsync($"{path}?format=csv");

        Assert.Equal([Seq(history[2]), Seq(history[3])], second.Body.EnumerateArray().Select(Seq));
        Assert.Contains($"after={Seq(history[3])}", second.Message.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        Assert.Equal(history.Select(one => one.ToString()), AuditRun.Lines(ndjson).Select(line => JsonElement.Parse(line).ToString()));
        Assert.Equal(history.Count + 1, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("seq,streamId,memberId,version,type,at,actor,correlationId,causationId,data\r\n", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_has_a_history_of_its_own()
    {
        var history = await run.History(run.Campaign);
        var member = history.First(one => Type(one) == "message_queued").GetProperty("memberId").GetGuid();

        var own = await run.Advisor.Get($"/api/audit/campaigns/{run.Campaign}/members/{member}");
        var ofAnother = await run.Advisor.Get($"/api/audit/campaigns/{await run.Advisor.HasDraft()}/members/{member}");

        Assert.Equal(
            history.Where(one => one.GetProperty("streamId").GetGuid() == member).Select(one => one.ToString()),
            own.Body.EnumerateArray().Select(one => one.ToString()));
        ofAnother.Is(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task An_erased_client_is_in_it_by_id_alone_and_counters_and_proof_stay()
    {
        var client = await run.Advisor.HasClient("Zacarias Quispe");
        var campaign = await run.Sent("Abril");
        var (before, proof) = (await run.Advisor.Get($"/api/audit/campaigns/{campaign}/state"), await run.Proof(campaign));

        (await run.Advisor.Delete($"/api/clients/{client}")).Is(HttpStatusCode.NoContent);
        await run.App.Settle();

        var history = string.Join('\n', await run.History(campaign));
        Assert.Contains(client.ToString(), history, StringComparison.Ordinal);
        Assert.DoesNotContain("Zacarias", history + string.Join('\n', await run.Proof(campaign)), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before.Body.ToString(), (await run.Advisor.Get($"/api/audit/campaigns/{campaign}/state")).Body.ToString());
        Assert.Equal(proof, await run.Proof(campaign));
        Assert.True((await run.Verify(proof))["valid"].GetBoolean());
        var member = (await run.History(campaign)).First(one => one.GetProperty("data").ToString().Contains(client.ToString(), StringComparison.Ordinal));
        Assert.True((await run.Advisor.Get($"/api/audit/campaigns/{campaign}/members/{member.GetProperty("memberId").GetGuid()}/state"))["erased"].GetBoolean());
    }

    [Fact]
    public async Task Without_a_folder_nothing_is_archived() =>
        (await run.Advisor.Post($"/api/audit/campaigns/{run.Campaign}/archive")).Is(HttpStatusCode.Conflict, "archive-not-configured");

    [Fact]
    public async Task While_the_chain_cannot_follow_nothing_incomplete_is_told()
    {
        await using var app = await TestApp.Start(run.Cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        var advisor = await Advisor.Of(app);
        var campaign = await advisor.HasDraft();
        await app.Drain();
        await app.Database.Execute(
            "insert into view_stop (name, seq_id, error, at) values ('audit-chain', 1, 'an event that it cannot take', '2026-01-01T00:00:00Z')");
        var another = await advisor.HasDraft();

        foreach (var path in (string[])["", "/state", "/replay", "/proof"])
            (await advisor.Get($"/api/audit/campaigns/{another}{path}")).Is(HttpStatusCode.ServiceUnavailable, "audit-behind");
        using var body = new StringContent(
            $$"""{"kind":"checkpoint","format":"massmessaging-proof-1","profileId":"{{(await advisor.Get("/api/profile")).Id}}","campaignId":"{{campaign}}","events":1,"seq":1,"hash":"00"}""");
        Assert.Equal((503, "audit-behind"), await advisor.Http.PostAsync(new Uri("/api/audit/verify", UriKind.Relative), body).Problem());
    }

    private static long Seq(JsonElement one) => one.GetProperty("seq").GetInt64();

    private static string Type(JsonElement one) => one.GetProperty("type").GetString()!;
}
