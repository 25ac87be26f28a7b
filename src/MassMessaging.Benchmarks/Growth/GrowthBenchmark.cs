using MassMessaging.Benchmarks.Rebuild;
using MassMessaging.Benchmarks.Sending;
using MassMessaging.Benchmarks.Webhooks;

namespace MassMessaging.Benchmarks.Growth;

/// <summary>
/// The same work with a short log and with a long one, in one database: messages sent, and receipts drained. The floor of the long one is
/// the short one.
/// </summary>
public static class GrowthBenchmark
{
    private const int Short = 100_000;
    private const int Lanes = 200;

    public static async Task Run(BenchmarkOptions options, Report report)
    {
        var (events, messages, rounds) = options.Quick ? (1_000_000, 10_000, 2) : (options.N ?? 10_000_000, 40_000, 3);
        await using var server = await BenchmarkServer.Start(options);
        await using var gateway = await Gateway.Start(server.Folder);
        (string, string)[] settings = [("EVOLUTION_API_URL", gateway.Url.OriginalString), ("EVOLUTION_API_KEY", "benchmark")];
        var target = await WebhooksBenchmark.Connect(server, gateway, settings);
        var size = new SendingSize(Lanes, messages / Lanes, (rounds + 1) * 2);
        Report.Tell($"Writing {size.Rounds} rounds of {messages} messages …");
        await SendingData.Load(server, size, TimeProvider.System.GetUtcNow());
        await server.Run("drop table made"); // of the members; the campaigns' are asked for
        await WebhookData.Load(server, target, 0, messages * size.Rounds / 2, TimeProvider.System.GetUtcNow());

        var work = new GrowthWork(server, gateway, settings, target, messages);
        var small = await work.Measure(Enumerable.Range(0, rounds + 1), Short);
        Report.Tell($"Writing {events} events …");
        await RebuildData.Load(
            server.Database, events / RebuildData.EventsOfOne, TimeProvider.System.GetUtcNow(), await server.Ask<long>("select last_value from mt_events_sequence"));
        await server.SkipToEnd();
        var large = await work.Measure(Enumerable.Range(rounds + 1, rounds + 1), events);
        foreach (var (before, after) in small.Zip(large)) Add(before, after, report);
    }

    private static void Add(Grown before, Grown after, Report report)
    {
        foreach (var one in (Grown[])[before, after])
            report.Add(new(
                FormattableString.Invariant($"growth-{one.Name}"), one.Events, Math.Round(one.Rates.Median), one.Unit, Math.Round(before.Rates.Median),
                Math.Round(one.Rates.Median / before.Rates.Median, 2), null, null, one.RssMb)
            {
                Min = Math.Round(one.Rates.Min), Max = Math.Round(one.Rates.Max),
                Beside = FormattableString.Invariant($"{(double)one.Wal.Bytes / one.Done:F0} B of WAL and {one.Wal.FullPages / one.Done:F3} full-page images each"),
            });
    }
}
