using System.Net.Http.Json;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Idempotency;
using MassMessaging.Tests.Kernel;

namespace MassMessaging.Tests.Crash;

/// <summary>
/// A node that does everything is killed; the one beside it has nothing but its place in the table of nodes. How long each kind of work
/// stands still is measured, and printed; on a quiet machine it is 5 s at most. That a dead node is one unseen for 4 s, and that others look at
/// that instant, <c>DeadNodesSpecs</c> and <c>NodesSpecs</c> show on a clock of their own.
/// </summary>
[Collection(nameof(RealProcesses))]
public sealed class FailoverSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private const string Attempt = "select coalesce(max(attempt), 0) from message where type = 'plan_audience'";
    private const string Rebuilt = "select max(position) from view_rebuild where name = 'client-contacts'";
    private const string Resumed = "select max(resumed) from view_rebuild where name = 'client-contacts'";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, List<double>> seconds = [];

    [Theory]
    [Sizes(small: 1, full: 20)]
    public async Task Whatever_a_killed_node_did_goes_on_at_the_other(int kills)
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(database.ConnectionString, new RunOptions(500 + (200 * kills))
        {
            Messages = 300, PerSeconds = 60, AnswerDelay = (1, 5), Settings = new Dictionary<string, string> { ["REBUILD_KEEPS_AFTER"] = "1" },
        });
        await run.Post("send");
        await Eventually.True(async () => await run.Scalar("select count(*) from campaign where is_planned") == 1, Patience, "the launch is planned");
        await using var kernel = await KernelHost.Start(database, declare: Features.Declare);
        await using var rebuildCannotEnd = await Held.By(database, "lock table client_contact in access share mode");
        await kernel.Rebuild.Request(["client-contacts"], null, "system", default);
        for (var kill = 1; kill <= kills; kill++) await KillAndMeasure(run, database);

        await rebuildCannotEnd.DisposeAsync();
        await Eventually.True(
            async () => (await kernel.Rebuild.Progress("client-contacts", null, default))?.State == "done"
                && await run.Scalar("select count(*) from campaign where status = 'sending' and not is_planned") == 0, Patience, "all that waited is done");
        Assert.Empty(LedgerChecker.Duplicates(run.Simulator.Ledger.Entries));
        foreach (var (what, times) in seconds)
        {
            output.WriteLine($"{what}: {kills} kills, median {times.Order().ElementAt(times.Count / 2):0.00} s, longest {times.Max():0.00} s");
            if (kills >= 20) Assert.InRange(times.Max(), 0, 5);
        }
    }

    /// <summary>The node that lives has everything when the other one comes.</summary>
    private async Task KillAndMeasure(SendingRun run, TestDatabase database)
    {
        var holder = await run.Owner();
        await using var launchCannotEnd = await Held.By(database, "lock table campaign_recipient in exclusive mode");
        await LaunchAnother(run, holder);
        await Eventually.True(async () => await run.Scalar(Attempt) > 0, Patience, "it has the launch in hand");
        await Eventually.True(async () => await run.Scalar(Rebuilt) > 0, Patience, "it is rebuilding");
        await run.StartNode();
        var (attempt, resumed) = (await run.Scalar(Attempt), await run.Scalar(Resumed));

        await holder.Kill9();
        var killedAt = run.Simulator.Ledger.Micros;
        var written = await run.Scalar("select max(seq_id) from mt_events");
        await Task.WhenAll(
            Measure(run, "view", killedAt, async () => await run.Scalar("select last_seq_id from mt_event_progression where name = 'campaign-counters'") >= written),
            Measure(run, "rebuild", killedAt, async () => await run.Scalar(Resumed) > resumed),
            Measure(run, "queue", killedAt, async () => await run.Scalar(Attempt) > attempt),
            Measure(run, "lane", killedAt, () => Task.FromResult(run.Simulator.Ledger.Received[^1].ReceivedMicros > killedAt)));
    }

    private async Task Measure(SendingRun run, string what, long killedAt, Func<Task<bool>> isTakenOver)
    {
        await Eventually.True(isTakenOver, Patience, $"the {what} is taken over");
        var took = (run.Simulator.Ledger.Micros - killedAt) / 1_000_000.0;
        lock (seconds)
        {
            if (!seconds.TryGetValue(what, out var times)) seconds[what] = times = [];
            times.Add(took);
            output.WriteLine($"{what} after {took:0.00} s");
        }
    }

    private static async Task LaunchAnother(SendingRun run, ServiceProcess node)
    {
        using var api = run.Api(node);
        var client = (await api.Get("/api/clients?limit=1"))[0].GetProperty("id").GetGuid();
        var created = await api.PostAsJsonAsync(
            "/api/campaigns", new { name = "Otra", objective = "prueba", messageContent = $"Hola {Guid.NewGuid()}", audience = new { clientIds = new[] { client } } });
        var campaign = (await created.Json()).GetProperty("id").GetGuid();
        (await api.PostAsync($"/api/campaigns/{campaign}/send", null)).EnsureSuccessStatusCode();
    }
}
