using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Crash;

[Collection(nameof(RealProcesses))]
public sealed class KilledServiceSpecs(TestCluster cluster, ITestOutputHelper output)
{
    [Theory]
    [Sizes(small: 300, full: 2000)]
    public async Task Nobody_is_messaged_twice_and_nobody_is_lost_when_the_service_is_killed_again_and_again(int recipients)
    {
        var kills = recipients >= 2000 ? 10 : 3;
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(database.ConnectionString, new RunOptions(recipients));
        await run.Post("send");

        var marked = 0;
        for (var kill = 1; kill <= kills; kill++)
        {
            await run.Taken(recipients * kill / (kills + 1));
            await run.Nodes[0].Kill9();
            var left = await run.Marked();
            Assert.InRange(left, 0, run.Options.MarkedAtOnce * kill);
            marked = Math.Max(marked, left);
            await run.StartNode();
        }

        await run.Status("sent");
        var inDoubt = await RunProof.Agrees(run);
        await PaceProof.Holds(run, output);
        output.WriteLine($"{recipients} recipients, {kills} kills: {run.Simulator.Ledger.Entries.Count} in the ledger, {inDoubt} in doubt");
        Assert.InRange(inDoubt, 0, run.Options.MarkedAtOnce * kills);
    }
}
