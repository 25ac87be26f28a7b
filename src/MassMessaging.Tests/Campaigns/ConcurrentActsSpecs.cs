using System.Net;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns;

/// <summary>Many at once, over HTTP: whatever the order, a campaign is launched once and everybody is written to at most once.</summary>
public sealed class ConcurrentActsSpecs(TestCluster cluster) : IAsyncLifetime
{
    private const int AtOnce = 20;
    private TestApp app = null!;

    public async ValueTask InitializeAsync() => app = await TestApp.Start(
        cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Twenty_sends_are_one_launch()
    {
        var (advisor, path) = await Draft();

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => advisor.Post($"{path}/send")));
        await app.Settle();

        Assert.All(answers, answer => answer.Is(HttpStatusCode.Accepted));
        Assert.Equal((1, 1), (await Count("campaign_launched"), await Count("audience_planned")));
        Assert.Equal(["Hola Ana", "Hola Beto"], Texts());
        var row = await advisor.Get(path);
        Assert.Equal(("sent", 2, 2), (row["status"].GetString(), row["totalRecipients"].GetInt32(), row["sentCount"].GetInt32()));
    }

    [Fact]
    public async Task Sends_pauses_resumes_and_cancels_at_once_leave_one_launch_and_a_whole_row()
    {
        var (advisor, path) = await Draft();
        string[] acts = ["send", "pause", "resume", "send", "cancel"];

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(place => advisor.Post($"{path}/{acts[place % acts.Length]}")));
        await app.Settle();

        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.Conflict }));
        Assert.InRange(await Count("campaign_launched"), 0, 1);
        Assert.Equal(1, await Count("campaign_cancelled"));
        Assert.Equal(Texts().Distinct(), Texts());
        var row = await advisor.Get(path);
        Assert.Equal(("cancelled", 0), (row["status"].GetString(), row["pendingCount"].GetInt32()));
    }

    [Fact]
    public async Task Twenty_retries_are_one()
    {
        var (advisor, path) = await Draft();
        app.Simulator.Faults.Set(new(FaultKind.ErrorAfter));
        await advisor.Post($"{path}/send");
        await app.Settle();
        app.Simulator.Faults.Clear();

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => advisor.Post($"{path}/retry-failed")));
        await app.Settle();

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Accepted);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Accepted), answer => answer.Is(HttpStatusCode.Conflict, "campaign-not-retryable"));
        Assert.Equal((1, 2), (await Count("campaign_retried"), await Count("message_requeued")));
        Assert.Equal(2, (await advisor.Get(path))["readCount"].GetInt32());
    }

    private async Task<(Advisor Advisor, string Path)> Draft()
    {
        var advisor = await Advisor.Of(app);
        foreach (var name in new[] { "Ana", "Beto" }) await advisor.HasClient(name);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        (await advisor.Put("/api/profile", new { identification = new { enabled = false } })).Is(HttpStatusCode.OK);
        return (advisor, $"/api/campaigns/{await advisor.HasDraft(new { all = true })}");
    }

    private List<string> Texts() => [.. app.Simulator.Ledger.Entries.Select(entry => entry.Text!).Order()];

    private Task<long> Count(string type) => app.Database.Value<long>($"select count(*) from mt_events where type = '{type}'");
}
