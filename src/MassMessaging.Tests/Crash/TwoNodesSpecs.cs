using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Crash;

[Collection(nameof(RealProcesses))]
public sealed class TwoNodesSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(5);

    [Theory]
    [Sizes(small: 600, full: 2000)]
    public async Task Two_nodes_keep_one_rate_while_either_is_stopped_for_five_seconds_and_goes_on(int recipients)
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(database.ConnectionString, new RunOptions(recipients));
        await run.StartNode();
        await run.Post("send");

        foreach (var (node, part) in run.Nodes.Zip([3, 2]))
        {
            await run.Taken(recipients / part / 2);
            await node.Stop();
            await Passes(Stopped);
            await node.Continue();
        }

        await run.Status("sent");
        var inDoubt = await RunProof.Agrees(run);
        await PaceProof.Holds(run, output);
        output.WriteLine($"{recipients} recipients, two nodes: {run.Simulator.Ledger.Entries.Count} in the ledger, {inDoubt} in doubt");
        Assert.InRange(inDoubt, 0, run.Options.MarkedAtOnce * 2);
    }

    [Theory]
    [Sizes(small: 300, full: 2000)]
    public async Task A_killed_nodes_lane_is_taken_over_by_the_other(int recipients)
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(database.ConnectionString, new RunOptions(recipients));
        await run.StartNode();
        await run.Post("send");
        await run.Taken(recipients / 4);
        await run.Nodes[0].Kill9();
        await run.StartNode(); // where the gateway's webhooks go
        await run.Taken(recipients / 2);
        await run.Nodes[1].Kill9();

        await run.Status("sent");
        var inDoubt = await RunProof.Agrees(run);
        await PaceProof.Holds(run, output);
        output.WriteLine($"{recipients} recipients, both nodes killed in turn: {inDoubt} in doubt");
    }

    /// <summary>The length of the stop is what is under test: there is nothing to wait for.</summary>
    private static async Task Passes(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }
}
