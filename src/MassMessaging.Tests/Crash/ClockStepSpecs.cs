using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Crash;

/// <summary>
/// The database's clock is set while nodes come and go. Whoever runs carries its time on; whoever starts has to learn that from them, or
/// from what they left.
/// </summary>
[Collection(nameof(RealProcesses))]
public sealed class ClockStepSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);

    /// <summary>The database was set ahead by that much, and every node was killed; or, below zero, back, and one was.</summary>
    [Theory]
    [Trait("Size", "Full")] // ClockWitnessSpecs show it small
    [InlineData(3600)]
    [InlineData(10)]
    [InlineData(-3)]
    public async Task Nodes_that_start_after_a_step_keep_the_rate_and_go_on(int seconds)
    {
        int[] killed = seconds > 0 ? [0, 1] : [0];
        await using var run = await Cluster.Start(cluster);
        var lane = await run.Add([.. Enumerable.Range(0, 70).Select(place => $"5255{10_000_000 + place}")], new(30, TimeSpan.FromSeconds(6)), new { jitter = 0, spread = false });
        await lane.Launch();
        await Eventually.True(() => Task.FromResult(run.Simulator.Ledger.Entries.Count >= 25), TimeSpan.FromMinutes(1), "a window is nearly full");

        await SteppedClock.Step(run.Database, TimeSpan.FromSeconds(seconds));
        foreach (var node in killed) await run.Kill(node);
        await Task.WhenAll(killed.Select(run.Start));

        await run.Settled();
        await LedgerProof.Holds(run, OnTheWay, output);
    }
}
