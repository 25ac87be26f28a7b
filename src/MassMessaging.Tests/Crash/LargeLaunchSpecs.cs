using System.Globalization;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Crash;

[Collection(nameof(RealProcesses))]
public sealed class LargeLaunchSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private const int CeilingMb = 300;

    [Theory]
    [Sizes(small: 10_000, full: 100_000)]
    public async Task A_large_audience_is_planned_in_little_memory_and_its_first_message_leaves_at_once(int recipients)
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(database.ConnectionString, new RunOptions(recipients) { Messages = 50, PerSeconds = 60 });

        var sentAt = run.Simulator.Ledger.Micros;
        await run.Post("send");
        await run.Taken(1);
        var first = (run.Simulator.Ledger.Received[0].ReceivedMicros - sentAt) / 1000.0;
        await Eventually.True(
            async () => (await run.Row()).GetProperty("totalRecipients").GetInt32() == recipients, TimeSpan.FromMinutes(3), "everybody is planned");
        var planned = (run.Simulator.Ledger.Micros - sentAt) / 1_000_000.0;
        var peak = PeakMb(run.Nodes[0].Id);

        output.WriteLine($"{recipients} recipients: first message after {first:0} ms, all planned after {planned:0.0} s, peak {peak} MB");
        Assert.InRange(first, 0, 2000);
        Assert.InRange(peak, 1, CeilingMb);
        await run.Post("cancel");
    }

    private static long PeakMb(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim()[..^3], NumberStyles.Integer, CultureInfo.InvariantCulture) / 1024;
    }
}
