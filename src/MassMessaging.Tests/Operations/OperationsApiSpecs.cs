using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Operations;

public sealed class OperationsApiSpecs(TestCluster cluster) : IAsyncLifetime
{
    private const string Views = "/api/operations/views";
    private const string Counters = $"{Views}/campaign-counters";

    private TestApp app = null!;
    private Advisor @operator = null!;
    private Advisor advisor = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(cluster, new TestAppOptions { Settings = new Dictionary<string, string> { ["OPERATORS"] = "x@example.com, Ops@Example.com" } });
        (@operator, advisor) = (new Advisor(await app.Client("ops@example.com")), await Advisor.Of(app));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task An_advisor_has_the_own_part_rebuilt_and_sees_how_that_goes()
    {
        var profile = (await advisor.Get("/api/profile")).Id;
        Assert.Equal("none", (await advisor.Get($"{Counters}/rebuild"))["state"].GetString());

        var asked = await advisor.Post($"{Counters}/rebuild", new { profileId = profile });
        asked.Is(HttpStatusCode.Accepted);
        (await advisor.Post($"{Counters}/rebuild", new { profileId = profile })).Is(HttpStatusCode.Conflict, "rebuild-running");
        await app.Drain();

        Assert.Equal("running", asked["state"].GetString());
        Assert.Equal("done", (await advisor.Get($"{Counters}/rebuild"))["state"].GetString());
        var view = (await advisor.Get(Views)).Body.EnumerateArray().Single(one => one.GetProperty("name").GetString() == "campaign-counters");
        Assert.Equal(("campaign_counters", "sums", "running", "done"), (
            view.GetProperty("table").GetString(), view.GetProperty("kind").GetString(), view.GetProperty("state").GetString(),
            view.GetProperty("rebuild").GetProperty("state").GetString()));
    }

    [Fact]
    public async Task What_is_more_than_the_own_part_needs_an_operator()
    {
        var theirs = (await @operator.Get("/api/profile")).Id;
        Func<Task<Answer>>[] refused =
        [
            () => advisor.Post($"{Counters}/rebuild"), () => advisor.Post($"{Counters}/rebuild", new { profileId = theirs }),
            () => advisor.Get($"{Counters}/rebuild?profileId={theirs}"), () => advisor.Delete($"{Counters}/rebuild?profileId={theirs}"),
            () => advisor.Post($"{Counters}/retry"), () => advisor.Post($"{Counters}/skip", new { seq = 1, note = "x" }),
            () => advisor.Get("/api/operations/queues"), () => advisor.Get("/api/operations/nodes"),
        ];
        foreach (var ask in refused) (await ask()).Is(HttpStatusCode.Forbidden, "operator-required");

        (await @operator.Post($"{Counters}/rebuild")).Is(HttpStatusCode.Accepted);
        Assert.Equal("none", (await advisor.Get($"{Counters}/rebuild"))["state"].GetString());
        (await advisor.Post($"{Counters}/rebuild", new { profileId = (await advisor.Get("/api/profile")).Id })).Is(HttpStatusCode.Conflict, "rebuild-running");
        Assert.Contains((await @operator.Get("/api/operations/queues")).Body.EnumerateArray(), queue => queue.GetProperty("name").GetString() == "settle");
        await app.Services.GetRequiredService<Nodes>().Beat(default);
        Assert.True((await @operator.Get("/api/operations/nodes")).Body[0].GetProperty("isAlive").GetBoolean());
    }

    [Fact]
    public async Task A_rebuild_is_cancelled_once()
    {
        (await @operator.Delete($"{Counters}/rebuild")).Is(HttpStatusCode.Conflict, "rebuild-not-running");
        (await @operator.Post($"{Counters}/rebuild")).Is(HttpStatusCode.Accepted);

        (await @operator.Delete($"{Counters}/rebuild")).Is(HttpStatusCode.NoContent);
        await app.Drain();

        Assert.Equal("cancelled", (await @operator.Get($"{Counters}/rebuild"))["state"].GetString());
    }

    [Fact]
    public async Task What_is_nowhere_is_not_found()
    {
        const string Nowhere = $"{Views}/nothing";
        (await @operator.Post($"{Nowhere}/rebuild")).Is(HttpStatusCode.NotFound, "not-found");
        (await @operator.Get($"{Nowhere}/rebuild")).Is(HttpStatusCode.NotFound, "not-found");
        (await @operator.Delete($"{Nowhere}/rebuild")).Is(HttpStatusCode.NotFound, "not-found");
        (await @operator.Post($"{Nowhere}/retry")).Is(HttpStatusCode.NotFound, "not-found");
        (await @operator.Post($"{Nowhere}/skip", new { seq = 1, note = "x" })).Is(HttpStatusCode.NotFound, "not-found");
        (await @operator.Post($"{Counters}/rebuild", new { profileId = Guid.NewGuid() })).Is(HttpStatusCode.NotFound, "not-found");
        (await @operator.Delete($"/api/operations/dead-letters/{Guid.NewGuid()}")).Is(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_stopped_view_names_its_event_and_a_person_retries_or_passes_over_it()
    {
        (await @operator.Post($"{Counters}/retry")).Is(HttpStatusCode.Conflict, "view-not-stopped");
        (await @operator.Post($"{Counters}/skip", new { seq = 1, note = "x" })).Is(HttpStatusCode.Conflict, "view-not-stopped");
        await advisor.HasDraft();
        var profile = (await advisor.Get("/api/profile")).Id;
        var seq = await app.Database.Value<long>("select max(seq_id) from mt_events");
        await app.Database.Execute("update mt_events set type = 'campaign_dreamt'");
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Drain());

        var (seen, hidden) = (await View(advisor), await View(await Advisor.Of(app)));
        Assert.Equal("stopped", hidden.GetProperty("state").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, hidden.GetProperty("failure").ValueKind);
        var failure = seen.GetProperty("failure");
        Assert.Equal((seq, "campaign_dreamt", profile.ToString()), (
            failure.GetProperty("seq").GetInt64(), failure.GetProperty("type").GetString(), failure.GetProperty("profileId").GetString()));
        Assert.Contains("unknown type campaign_dreamt", failure.GetProperty("error").GetString(), StringComparison.Ordinal);

        (await @operator.Post($"{Counters}/retry")).Is(HttpStatusCode.NoContent);
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Drain()); // it is still there
        (await @operator.Post($"{Counters}/skip", new { seq = seq + 1, note = "typo" })).Is(HttpStatusCode.Conflict, "event-not-stopping");
        (await @operator.Post($"{Counters}/skip", new { seq })).Is(HttpStatusCode.BadRequest, "validation-failed");
        (await @operator.Post($"{Counters}/skip", new { seq = "x", note = "x" })).Is(HttpStatusCode.BadRequest, "validation-failed");
        (await @operator.Post($"{Counters}/skip", new { seq, note = "typo" })).Is(HttpStatusCode.NoContent);
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Drain()); // the others still stand before it

        var mended = await View(@operator);
        Assert.Equal("running", mended.GetProperty("state").GetString());
        var skipped = mended.GetProperty("skipped")[0];
        Assert.Equal((seq, "typo"), (skipped.GetProperty("seq").GetInt64(), skipped.GetProperty("note").GetString()));
        Assert.StartsWith("user:", skipped.GetProperty("skippedBy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_rebuild_is_done_anew_when_it_is_retried()
    {
        await advisor.HasDraft();
        await app.Drain();
        var profile = (await advisor.Get("/api/profile")).Id;
        var (seq, type) = (await app.Database.Value<long>("select max(seq_id) from mt_events where type like 'campaign%'"), "campaign_dreamt");
        type = await app.Database.Value<string>($"with before as (select type from mt_events where seq_id = {seq}) "
            + $"update mt_events e set type = '{type}' from before b where e.seq_id = {seq} returning b.type");
        (await advisor.Post($"{Counters}/rebuild", new { profileId = profile })).Is(HttpStatusCode.Accepted);
        await app.Drain();
        var failed = await advisor.Get($"{Counters}/rebuild");
        Assert.Equal(("failed", seq), (failed["state"].GetString(), failed["failedSeq"].GetInt64()));

        await app.Database.Execute($"update mt_events set type = '{type}' where seq_id = {seq}");
        (await @operator.Post($"{Counters}/retry")).Is(HttpStatusCode.NoContent);
        await app.Drain();

        Assert.Equal("done", (await advisor.Get($"{Counters}/rebuild"))["state"].GetString());
        (await @operator.Post($"{Counters}/retry")).Is(HttpStatusCode.Conflict, "view-not-stopped");
    }

    [Fact]
    public async Task Dead_letters_are_replayed_and_given_up_by_whom_they_are_about()
    {
        var profile = (await advisor.Get("/api/profile")).Id;
        foreach (var key in (string[])["mine", "mine too"]) await Dead(key, $$"""{"profileId":"{{profile}}","campaignId":"{{Guid.NewGuid()}}"}""");
        await Dead("theirs", $$"""{"profileId":"{{Guid.NewGuid()}}","campaignId":"{{Guid.NewGuid()}}"}""");

        var mine = (await advisor.Get("/api/operations/dead-letters")).Body.EnumerateArray().ToList();
        var all = (await @operator.Get("/api/operations/dead-letters")).Body.EnumerateArray().ToList();
        Assert.Equal(["mine too", "mine"], mine.Select(letter => letter.GetProperty("key").GetString()));
        Assert.Equal(["theirs", "mine too", "mine"], all.Select(letter => letter.GetProperty("key").GetString()));
        var theirs = all[0].GetProperty("id").GetGuid();
        (await advisor.Post($"/api/operations/dead-letters/{theirs}/replay")).Is(HttpStatusCode.NotFound, "not-found");
        (await advisor.Delete($"/api/operations/dead-letters/{theirs}")).Is(HttpStatusCode.NotFound, "not-found");

        (await advisor.Post($"/api/operations/dead-letters/{mine[0].GetProperty("id").GetGuid()}/replay")).Is(HttpStatusCode.Accepted);
        (await advisor.Delete($"/api/operations/dead-letters/{mine[1].GetProperty("id").GetGuid()}")).Is(HttpStatusCode.NoContent);
        await app.Drain();

        Assert.Empty((await advisor.Get("/api/operations/dead-letters")).Body.EnumerateArray());
        Assert.Single((await @operator.Get("/api/operations/dead-letters")).Body.EnumerateArray());
    }

    private async Task<System.Text.Json.JsonElement> View(Advisor who) =>
        (await who.Get(Views)).Body.EnumerateArray().Single(one => one.GetProperty("name").GetString() == "campaign-counters");

    private Task Dead(string key, string body) => app.Database.Execute(
        "insert into message (queue, type, key, body, due_at, scheduled_for, sent_at, actor, dead_at, error) "
        + $"select 'settle', 'settle_campaign', '{key}', '{body}', at, at, at, 'system', at, 'spec' from (select timestamptz '2026-03-01' as at) t");
}
