using System.Diagnostics;
using MassMessaging.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MassMessaging.Benchmarks.Rebuild;

/// <summary>Views built anew by the code that the service runs, beside what PostgreSQL needs at least, in turns.</summary>
public static class RebuildBenchmark
{
    private const string Counted = "select coalesce(sum(total), 0)::bigint from campaign_counters";

    public static async Task Run(BenchmarkOptions options, Report report)
    {
        var members = (options.N ?? (options.Quick ? 200_000 : 1_000_000)) / RebuildData.EventsOfOne;
        await using var server = await BenchmarkServer.Start(options);
        await using var services = new ServiceCollection().AddLogging()
            .AddKernel(new KernelOptions(server.ConnectionString) { Daemons = false }, Features.Declare).BuildServiceProvider();
        await services.GetRequiredService<Migrator>().Migrate(default);
        var database = services.GetRequiredService<NpgsqlDataSource>();
        Report.Tell($"Writing {members * RebuildData.EventsOfOne} events …");
        await RebuildData.Load(database, members, TimeProvider.System.GetUtcNow());
        await Measure(services, database, members, options.Quick ? 3 : 5, report);
    }

    private static async Task Measure(ServiceProvider services, NpgsqlDataSource database, int members, int rounds, Report report)
    {
        var (rebuild, events) = (services.GetRequiredService<ViewRebuild>(), members * (long)RebuildData.EventsOfOne);
        var views = await services.GetRequiredService<Views>().Status(default);
        IReadOnlyList<string> all = [.. views.Select(view => view.Name)];
        await rebuild.Run(all, null, default); // warm, and the rows that the floor writes
        await RebuildFloor.Read(database);
        var tables = new List<(string Table, byte[] Rows)>();
        foreach (var view in views) tables.Add((view.Table, await RebuildFloor.RowsOf(database, view.Table)));

        var (reads, writes, counters, everything) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            reads.Add(await Seconds(() => RebuildFloor.Read(database)));
            counters.Add(await Seconds(() => rebuild.Run("campaign-counters", default)));
            writes.Add(await Seconds(() => RebuildFloor.Write(database, tables)));
            await RebuildFloor.Forget(database, tables);
            everything.Add(await Seconds(() => rebuild.Run(all, null, default)));
        }

        await using var counted = database.CreateCommand(Counted);
        if ((long)(await counted.ExecuteScalarAsync())! != members) throw new InvalidOperationException("The rebuilt counters are wrong.");

        Report.Tell(FormattableString.Invariant($"reading the columns {events / Median(reads):F0}/s, writing {all.Count} views' rows and indexes {events / Median(writes):F0}/s"));
        report.Add(Of("rebuild-counters", events, counters, Median(reads)));
        report.Add(Of("rebuild-all", events, everything, Median(reads) + Median(writes)));
    }

    private static async Task<double> Seconds(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double Median(List<double> seconds) => seconds.Order().ElementAt(seconds.Count / 2);

    private static Figure Of(string name, long events, List<double> seconds, double floor) => new(
        name, events, Math.Round(events / Median(seconds)), "events/s", Math.Round(events / floor), Math.Round(floor / Median(seconds), 2),
        Math.Round(Median(seconds) * 1000), Math.Round(seconds.Max() * 1000), Math.Round(Environment.WorkingSet / 1048576.0))
    {
        Min = Math.Round(events / seconds.Max()), Max = Math.Round(events / seconds.Min()),
    };
}
