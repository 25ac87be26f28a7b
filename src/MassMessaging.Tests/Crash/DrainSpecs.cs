using System.Net;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Idempotency;

namespace MassMessaging.Tests.Crash;

/// <summary>SIGTERM, as a deployment sends it.</summary>
[Collection(nameof(RealProcesses))]
public sealed class DrainSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly Dictionary<string, string> Endless = new() { ["DRAIN_SECONDS"] = "3600", ["DRAIN_DELAY_SECONDS"] = "3600" };

    [Theory]
    [Sizes(small: 200, full: 2000)]
    public async Task A_node_that_is_asked_to_stop_finishes_its_calls_and_its_webhooks_and_the_other_goes_on(int recipients)
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(database.ConnectionString, new RunOptions(recipients) { CallTimeoutSeconds = 75, Receipts = All });
        await run.StartNode();
        await run.Post("send");

        await run.Taken(recipients / 3);
        await Stops(run, await run.Owner());
        await run.Taken(recipients * 2 / 3);
        await Stops(run, run.Nodes[0]); // where the webhooks pour in

        await run.Status("sent");
        Assert.Equal(0, await RunProof.Agrees(run));
        Assert.Equal(recipients, await run.Scalar("select count(*) from campaign_audience where status = 'read'"));
        await PaceProof.Holds(run, output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_hangs_is_in_doubt_when_the_limit_or_the_operators_patience_ends_and_is_never_made_again(bool isCutShort)
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(database.ConnectionString, new RunOptions(3)
        {
            Messages = 1000, PerSeconds = 60, CallTimeoutSeconds = 75,
            Settings = isCutShort ? Endless : new Dictionary<string, string> { ["DRAIN_SECONDS"] = "1" },
        });
        run.Simulator.Faults.Set(new Fault(FaultKind.HangAfter, Times: 1));
        await run.Post("send");
        await run.Taken(3);
        await Eventually.True(async () => await run.Marked() == 1, Patience, "one call hangs");

        await run.Nodes[0].AskToEnd();
        if (isCutShort)
        {
            await Eventually.True(async () => await Ready(run) == HttpStatusCode.ServiceUnavailable, Patience, "it drains");
            await run.Nodes[0].AskToEnd();
        }

        Assert.Equal(0, await run.Nodes[0].Ended());
        Assert.Equal("service-stopped", await run.Text("select data ->> 'reason' from mt_events where type = 'message_in_doubt'"));
        Assert.Equal(0, await run.Scalar("select count(*) from lane where owner is not null or held_until is not null"));
        Assert.Equal(0, await run.Scalar("select count(*) from node"));
        await run.StartNode();
        await run.Status("sent");
        Assert.Equal(1, await RunProof.Agrees(run));
    }

    [Fact]
    public async Task While_it_drains_it_is_live_and_not_ready_takes_up_nothing_answers_who_still_asks_and_has_ended_its_streams()
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(database.ConnectionString, new RunOptions(2) { Settings = Endless });
        using var api = run.Api();
        using var stream = await api.GetAsync($"/api/campaigns/{run.Campaign}/events", HttpCompletionOption.ResponseHeadersRead);
        var told = stream.Content.ReadAsStringAsync();

        await run.Nodes[0].AskToEnd();

        await Eventually.True(async () => await Ready(run) == HttpStatusCode.ServiceUnavailable, Patience, "it drains");
        Assert.Equal("The service is stopping.", (await (await api.GetAsync("/health/ready")).Json()).GetProperty("reasons")[0].GetString());
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/health/live")).StatusCode);
        Assert.StartsWith(": following", await told.WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync($"/api/campaigns/{run.Campaign}/send", null)).StatusCode);
        await run.Nodes[0].AskToEnd();
        Assert.Equal(0, await run.Nodes[0].Ended());
        Assert.Equal(0, await run.Scalar("select attempt from message where type = 'plan_audience'"));
    }

    [Fact]
    public async Task A_launch_that_does_not_end_within_the_limit_is_given_back_and_goes_on_elsewhere()
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(
            database.ConnectionString, new RunOptions(250) { Messages = 100_000, PerSeconds = 60, Settings = new Dictionary<string, string> { ["DRAIN_SECONDS"] = "1" } });
        await using (await Held.By(database, "lock table campaign_recipient in exclusive mode"))
        {
            await run.Post("send");
            await Held.Waiting(database);
            Assert.Equal(0, await run.Nodes[0].Terminate());
            Assert.Equal(1, await run.Scalar("select count(*) from message where type = 'plan_audience' and not is_leased and attempt = given_back"));
        }

        await run.StartNode();
        await run.Status("sent");
        Assert.Equal(0, await RunProof.Agrees(run));
    }

    private static ReceiptOptions All => new()
    {
        ServerAck = 1, Delivered = 1, Read = 1,
        ServerAckAfter = DelayRange.None, DeliveredAfter = new(10, 100), ReadAfter = new(10, 100),
    };

    private async Task Stops(SendingRun run, ServiceProcess node)
    {
        var askedAt = run.Simulator.Ledger.Micros;
        Assert.Equal(0, await node.Terminate());
        var endedAt = run.Simulator.Ledger.Micros;
        await run.StartNode();
        await run.Taken(Math.Min(run.Options.Recipients, run.Simulator.Ledger.Entries.Count(entry => entry.ReceivedMicros <= endedAt) + 1));
        var received = run.Simulator.Ledger.Received.Select(send => send.ReceivedMicros).Where(at => at > askedAt - 100_000).Order().ToList();
        var gap = received.Zip(received.Skip(1), (one, next) => next - one).DefaultIfEmpty().Max() / 1000.0;
        output.WriteLine($"stopped within {(endedAt - askedAt) / 1000.0:0} ms; the longest gap between two messages was {gap:0} ms");
    }

    private static async Task<HttpStatusCode> Ready(SendingRun run)
    {
        using var api = run.Api();
        return (await api.GetAsync("/health/ready")).StatusCode;
    }
}
