using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Crash;

[Collection(nameof(RealProcesses))]
public sealed class StoppedCampaignSpecs(TestCluster cluster, ITestOutputHelper output)
{
    [Theory]
    [Sizes(small: 400, full: 2000)]
    public async Task Nothing_reaches_the_gateway_after_a_pause_or_a_cancel_has_answered(int recipients)
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(
            database.ConnectionString, new RunOptions(recipients) { Messages = 1000, PerSeconds = 5, AnswerDelay = (5, 150) });
        await run.StartNode();
        await run.Post("send");

        for (var part = 1; part <= 3; part++)
        {
            await run.Taken(recipients * part / 5);
            var received = await Stop(run, "pause", "paused");
            await run.Post("resume");
            await run.Taken(received + 1);
        }

        await Stop(run, "cancel", "cancelled");
        await Eventually.True(
            async () => await run.Scalar("select count(*) from campaign_audience where status in ('pending', 'sending')") == 0,
            TimeSpan.FromSeconds(60), "everybody is settled");
        await Counted(run);
        await RunProof.Agrees(run);
        var row = await run.Row();
        Assert.Equal(recipients, row.GetProperty("sentCount").GetInt32() + row.GetProperty("skippedCount").GetInt32() + row.GetProperty("inDoubtCount").GetInt32());
        output.WriteLine($"{recipients} recipients, three pauses, then cancelled: {row}");
    }

    private static async Task<int> Stop(SendingRun run, string act, string status)
    {
        var row = await run.Post(act);
        var answeredAt = run.Simulator.Ledger.Micros;
        var received = run.Simulator.Ledger.Received.Count;
        Assert.Equal(status, row.GetProperty("status").GetString());

        // A second of grace for whatever might still come: it would have been written after the answer.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        await timer.WaitForNextTickAsync();
        Assert.DoesNotContain(run.Simulator.Ledger.Received, send => send.ReceivedMicros > answeredAt);
        return received;
    }

    private static Task Counted(SendingRun run) => Eventually.True(
        async () => await run.Scalar("select pending from campaign_counters") == 0, TimeSpan.FromSeconds(10), "the counters have followed");
}
