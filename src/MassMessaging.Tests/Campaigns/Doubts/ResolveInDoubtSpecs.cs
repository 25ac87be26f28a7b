using System.Net;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Doubts;

/// <summary>A person settles what nobody else can.</summary>
public sealed class ResolveInDoubtSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestApp app = null!;
    private Advisor advisor = null!;
    private string campaign = null!;
    private List<Guid> members = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(
            cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        advisor = await Advisor.Of(app);
        foreach (var name in new[] { "Ana", "Beto" }) await advisor.HasClient(name);
        campaign = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        await advisor.Post("/api/whatsapp/connect");
        app.Simulator.Faults.Set(new Fault(FaultKind.CloseBefore, Times: 2));
        await advisor.Post($"{campaign}/send");
        for (var round = 0; round < 3; round++)
        {
            await app.Settle();
            await app.Database.Execute("update lane set held_until = null, next_at = '-infinity'");
        }

        members = [.. (await advisor.Get($"{campaign}/audience")).Body.EnumerateArray().Select(row => row.GetProperty("id").GetGuid())];
        Assert.Equal((2, "sent", "in-doubt"), await Row());
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Sent_counts_as_sent_and_is_attributed()
    {
        var resolved = await Resolve(members[0], "sent");

        resolved.Is(HttpStatusCode.OK);
        Assert.Equal("sent", resolved["status"].GetString());
        await app.Settle();
        var row = await advisor.Get(campaign);
        Assert.Equal((1, 1), (row["sentCount"].GetInt32(), row["inDoubtCount"].GetInt32()));
        Assert.Equal("me dijo que le llegó", await app.Database.Value<string>("select note from member_resolution"));
        Assert.StartsWith("user:", await app.Database.Value<string>("select actor from member_resolution"), StringComparison.Ordinal);
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from mt_events where data::text like '%me dijo%'"));
    }

    [Fact]
    public async Task Failed_is_failed_and_not_tried_again()
    {
        (await Resolve(members[0], "failed")).Is(HttpStatusCode.OK);
        await app.Settle();

        var row = await advisor.Get(campaign);
        Assert.Equal((1, 1, 0), (row["failedCount"].GetInt32(), row["inDoubtCount"].GetInt32(), app.Simulator.Ledger.Entries.Count));
        (await advisor.Post($"{campaign}/retry-failed")).Is(HttpStatusCode.Conflict, "nothing-to-retry");
    }

    [Fact]
    public async Task Resend_sends_once_more_and_the_campaign_ends_again()
    {
        var answer = await advisor.Post($"{campaign}/audience/resolve", new { memberIds = members, outcome = "resend", note = "no les llegó" });
        answer.Is(HttpStatusCode.OK);
        Assert.Equal((2, 0, 2), (answer["successful"].GetInt32(), answer["failed"].GetInt32(), answer["total"].GetInt32()));
        Assert.Equal("sending", (await advisor.Get(campaign))["status"].GetString());
        await app.Settle();

        Assert.Equal((0, "sent", null), await Row());
        Assert.Equal(["Hola Ana", "Hola Beto"], app.Simulator.Ledger.Entries.Select(entry => entry.Text.Split('\n')[0]).Order());
    }

    [Fact]
    public async Task Who_is_not_in_doubt_is_refused_with_where_they_stand()
    {
        await Resolve(members[0], "sent");

        var again = await Resolve(members[0], "resend");

        again.Is(HttpStatusCode.Conflict, "member-not-in-doubt");
        Assert.Equal("sent", again["currentStatus"].GetString());
        var many = await advisor.Post(
            $"{campaign}/audience/resolve", new { memberIds = new[] { members[0], members[1], Guid.NewGuid() }, outcome = "failed", note = "x" });
        Assert.Equal(["member-not-in-doubt", null, "not-found"], many["results"].EnumerateArray().Select(result => result.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Nothing_of_a_cancelled_campaign_is_sent_again()
    {
        await Resolve(members[0], "resend");
        (await advisor.Post($"{campaign}/cancel")).Is(HttpStatusCode.OK);

        (await Resolve(members[1], "resend")).Is(HttpStatusCode.Conflict, "campaign-cancelled");
        (await advisor.Post($"{campaign}/audience/resolve", new { memberIds = new[] { members[1] }, outcome = "resend", note = "x" }))
            .Is(HttpStatusCode.Conflict, "campaign-cancelled");
        (await Resolve(members[1], "failed")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_twenty_who_resend_at_once_one_does()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Resolve(members[0], "resend")));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        await app.Settle();
        Assert.Single(app.Simulator.Ledger.Entries);
    }

    [Fact]
    public async Task A_resend_that_meets_the_campaigns_end_is_sent_all_the_same()
    {
        await Resolve(members[0], "resend");

        var (drained, resent) = (app.Drain(), Resolve(members[1], "resend"));
        await drained;
        (await resent).Is(HttpStatusCode.OK);
        await app.Settle();

        Assert.Equal((0, "sent", null), await Row());
        Assert.Equal(2, app.Simulator.Ledger.Entries.Count);
    }

    [Fact]
    public async Task Nothing_is_written_down_about_who_was_erased()
    {
        foreach (var client in (await advisor.Get("/api/clients")).Body.EnumerateArray())
            await advisor.Delete($"/api/clients/{client.GetProperty("id").GetGuid()}");

        (await Resolve(members[0], "sent")).Is(HttpStatusCode.OK);

        Assert.Equal(0, await app.Database.Value<long>("select count(*) from member_resolution"));
    }

    [Fact]
    public async Task Wrong_bodies_name_every_field_and_others_find_nothing()
    {
        var wrong = await advisor.Post($"{campaign}/audience/{members[0]}/resolve", new { outcome = "maybe" });
        wrong.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(["note", "outcome"], wrong.WrongFields);
        (await advisor.Post($"{campaign}/audience/resolve", new { memberIds = Array.Empty<Guid>(), outcome = "sent", note = "x" }))
            .Is(HttpStatusCode.BadRequest, "validation-failed");
        var other = await Advisor.Of(app);
        (await other.Post($"{campaign}/audience/{members[0]}/resolve", new { outcome = "sent", note = "x" })).Is(HttpStatusCode.NotFound);
        (await other.Post($"{campaign}/audience/resolve", new { memberIds = members, outcome = "sent", note = "x" })).Is(HttpStatusCode.NotFound);
        Assert.Equal(2, (await advisor.Get(campaign))["inDoubtCount"].GetInt32());
    }

    [Fact]
    public async Task Erasing_the_client_takes_the_note_along()
    {
        await Resolve(members[0], "sent");
        foreach (var client in (await advisor.Get("/api/clients")).Body.EnumerateArray())
            await advisor.Delete($"/api/clients/{client.GetProperty("id").GetGuid()}");

        Assert.Equal(0, await app.Database.Value<long>("select count(*) from member_resolution"));
    }

    private Task<Answer> Resolve(Guid member, string outcome) =>
        advisor.Post($"{campaign}/audience/{member}/resolve", new { outcome, note = "me dijo que le llegó" });

    private async Task<(int InDoubt, string Status, string? Reason)> Row()
    {
        var row = await advisor.Get(campaign);
        return (row["inDoubtCount"].GetInt32(), row["status"].GetString()!, row["statusReason"].GetString());
    }
}
