using System.Globalization;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Crash;

/// <summary>What users fear most: a restored database has people waiting who were written to after the copy was made.</summary>
[Collection(nameof(RealProcesses))]
public sealed class RestoredDatabaseSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Views = ["campaign", "campaign_audience", "campaign_counters", "client_contact", "campaign_figures"];

    [Theory]
    [Sizes(small: 300, full: 2000)]
    public async Task Nobody_is_messaged_twice_when_a_copy_taken_during_sending_is_restored(int recipients)
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(database.ConnectionString, new RunOptions(recipients));
        await run.Post("send");
        await run.Taken(recipients / 4);
        using var copy = await DatabaseCopy.Take(cluster, run);
        await run.Taken((run.Simulator.Ledger.Entries.Count + recipients) / 2);
        await run.Nodes[0].Kill9();
        await copy.TakesItsPlace();
        var taken = run.Simulator.Ledger.Entries.Count;

        await run.StartNode();
        var row = await run.Row();
        Assert.Equal(("paused", "restored"), (row.GetProperty("status").GetString(), row.GetProperty("statusReason").GetString()));
        await Eventually.True(
            async () => await run.Scalar("select count(*) from campaign_restore where checked_at is null") == 0, Patience,
            $"the gateway was asked\n{run.Nodes[0].Output}");
        Assert.Equal(taken, run.Simulator.Ledger.Entries.Count);
        var waiting = await run.Scalar("select count(*) from campaign_audience where status = 'pending'");
        Assert.InRange(waiting, 1, recipients - taken);

        await run.Post("resume");
        await run.Status("sent");
        var inDoubt = await RunProof.Agrees(run);
        await ViewsAreARebuild(run);
        output.WriteLine(
            $"{recipients} recipients, {taken} taken before the restore ({copy.Way}), {waiting} let go after it: "
            + $"{run.Simulator.Ledger.Entries.Count} in the ledger, {inDoubt} in doubt");
        Assert.InRange(inDoubt, 0, run.Options.MarkedAtOnce * 2); // those marked when the copy was taken, and when the service was killed
    }

    private static async Task ViewsAreARebuild(SendingRun run)
    {
        await run.Nodes[0].Terminate();
        var live = await Rows(run);
        await using var rebuild = ServiceProcess.Launch(
            new Dictionary<string, string> { ["ConnectionStrings__Postgres"] = run.ConnectionString }, ServiceProcess.FreePort(), "views", "rebuild", "all");
        Assert.True(await rebuild.Ended() == 0, rebuild.Output);
        Assert.Equal(live, await Rows(run));
    }

    private static async Task<string[]> Rows(SendingRun run)
    {
        var hashes = new List<string>();
        foreach (var view in Views)
            hashes.Add(view + await run.Scalar(string.Create(
                CultureInfo.InvariantCulture, $"select coalesce(sum(hashtextextended(r::text, 0)::numeric % 1000000007), 0) from {view} r")));
        return [.. hashes];
    }
}
