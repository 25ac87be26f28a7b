using MassMessaging.Clients.Import;
using MassMessaging.Kernel;
using MassMessaging.Tests.Crash;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Clients.Import;

/// <summary>Alone: the heap that it measures is the whole test run's.</summary>
[Collection(nameof(RealProcesses))]
public sealed class LargeImportSpecs(ClientDatabase database) : IClassFixture<ClientDatabase>
{
    [Theory]
    [Sizes(10_000, 100_000)]
    public async Task A_large_file_is_imported_in_constant_memory(int rows)
    {
        var profile = await database.Profile();
        await using var csv = new LargeCsv(rows);
        GC.Collect(); // so that both ends are what a collection found alive
        var before = LiveHeap();
        using var stop = new CancellationTokenSource();
        var most = MostHeap(stop.Token);

        var report = await database.Import.Run(profile, csv, new ImportOptions(), Origin.System, default);
        await stop.CancelAsync();

        // The rows' text alone takes rows x 2 kB: 200 MB at the full size.
        Assert.Equal((rows, rows, 0), (report.Rows, report.Created, report.Failed));
        Assert.InRange(await most - before, long.MinValue, 100_000_000);
    }

    private static async Task<long> MostHeap(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var most = 0L;
        while (!ct.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
            most = Math.Max(most, LiveHeap());
        return most;
    }

    /// <summary>Of the last collection, without the holes that earlier specs left.</summary>
    private static long LiveHeap()
    {
        var last = GC.GetGCMemoryInfo(GCKind.Any);
        return last.HeapSizeBytes - last.FragmentedBytes;
    }
}
