using System.Diagnostics;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Simulator;

public sealed class ThroughputSpecs(ITestOutputHelper output)
{
    [Theory]
    [Sizes(2_000, 200_000)]
    public async Task Many_senders_at_once_lose_nothing_and_the_ledger_is_in_order(int sends)
    {
        await using var gateway = await SimulatedGateway.Open();
        var watch = Stopwatch.StartNew();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, sends), new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (index, ct) => Assert.Equal(201, (await gateway.SendText($"34{600_000_000 + index}", ct: ct)).Status));

        output.WriteLine($"{sends / watch.Elapsed.TotalSeconds:N0} sends/s, client and gateway in one process");
        var entries = gateway.Host.Ledger.Entries;
        Assert.Equal(sends, entries.Select(entry => entry.Number).Distinct().Count());
        Assert.Equal(sends, entries.Select(entry => entry.KeyId).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, sends).Select(index => (long)index), entries.Select(entry => entry.Sequence));
        Assert.All(entries, entry => Assert.True(entry.Answered));
    }
}
