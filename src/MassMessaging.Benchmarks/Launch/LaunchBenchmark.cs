using System.Diagnostics;

namespace MassMessaging.Benchmarks.Launch;

/// <summary>
/// Campaigns to everyone, launched over HTTP of the service as it is shipped; planned when its last chunk is. In rounds: what a round wrote
/// is written again by COPY.
/// </summary>
public static class LaunchBenchmark
{
    /// <summary>Recipients, of launches to a sixth of the clients.</summary>
    private const long WarmUp = 200_000;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private const string IsPlanned = "select is_planned from campaign where id = @campaign";

    private const string Members = """
        select (select count(*) from campaign_audience a where a.profile_id = c.profile_id and a.campaign_id = c.id)
        from campaign c where c.id = @campaign
        """;

    public static async Task Run(BenchmarkOptions options, Report report)
    {
        foreach (var recipients in options.N is { } given ? [given] : options.Quick ? [100_000] : new[] { 100_000, 1_000_000 })
            await Run(recipients, recipients > 200_000 ? 2 : 3, options, report);
    }

    private static async Task Run(int recipients, int rounds, BenchmarkOptions options, Report report)
    {
        await using var server = await BenchmarkServer.Start(options);
        await using var service = await ServiceProcess.Start(server);
        using var advisor = await Advisor.SignIn(service.Url);
        Report.Tell($"Writing {recipients} clients …");
        await LaunchData.Load(server, await Advisor.Profile(advisor), recipients, TimeProvider.System.GetUtcNow());
        await using var floor = await LaunchFloor.Make(server);
        for (var warmed = 0L; warmed < WarmUp;) // what is compiled anew while it runs is not measured
            warmed += await Planned(server, (await Launch(server, service, advisor, new { labels = (string[])["prospecto"] })).Campaign);

        var (rates, floors, rss) = (new Repeats(), new Repeats(), 0.0);
        var (used, wal) = (new Used(0, 0), new WalWritten(0, 0));
        for (var round = 1; round <= rounds; round++)
        {
            await server.CaughtUp();
            await server.Run("checkpoint");
            var (usedBefore, walBefore) = (await service.Used(), await server.Wal());
            var (campaign, took, highest) = await Launch(server, service, advisor, new { all = true });
            if (await Planned(server, campaign) is var planned && planned != recipients)
                throw new InvalidOperationException($"{planned} of {recipients} were planned.");
            (rss, wal) = (Math.Max(rss, highest), wal + (await server.Wal() - walBefore));
            await server.CaughtUp();
            used += await service.Used() - usedBefore;
            var (one, two) = await floor.Measure(campaign);
            rates.Add(recipients / took.TotalSeconds);
            floors.Add(recipients / Math.Min(one.TotalSeconds, two.TotalSeconds));
            Report.Tell(FormattableString.Invariant(
                $"launch: {recipients / took.TotalSeconds:F0}/s, COPY over one connection {recipients / one.TotalSeconds:F0}/s, over two {recipients / two.TotalSeconds:F0}/s"));
        }

        var written = rounds * (double)recipients;
        report.Add(new(
            "launch", recipients, Math.Round(rates.Median), "recipients/s", Math.Round(floors.Median), Math.Round(rates.Median / floors.Median, 2), null,
            null, rss)
        {
            Min = Math.Round(rates.Min), Max = Math.Round(rates.Max),
            Beside = FormattableString.Invariant(
                $"a recipient, views included: {used.Allocated / written:F0} B allocated, {used.ProcessorMs * 1000 / written:F0} µs of the service's processor time; {(double)wal.Bytes / written:F0} B of WAL"),
        });
    }

    /// <summary>From the request to the last chunk's commit; and the most memory that the service's process took meanwhile.</summary>
    private static async Task<(Guid Campaign, TimeSpan Took, double RssMb)> Launch(
        BenchmarkServer server, ServiceProcess service, HttpClient advisor, object audience)
    {
        var campaign = await advisor.Create(
            "/api/campaigns", new { name = "Marzo", objective = "ventas", messageContent = "Hola {nombre_cliente}", audience });
        var (began, rss) = (Stopwatch.GetTimestamp(), 0.0);
        (await advisor.PostAsync(new Uri($"/api/campaigns/{campaign}/send", UriKind.Relative), null)).EnsureSuccessStatusCode();
        while (!await server.Ask<bool>(IsPlanned, ("campaign", campaign)))
        {
            if (Stopwatch.GetElapsedTime(began) > Longest) throw new InvalidOperationException("The launch does not come to its end.");
            rss = Math.Max(rss, service.RssMb);
            await Task.Delay(10);
        }

        var took = Stopwatch.GetElapsedTime(began);
        // Not cancelled: skipping everybody would go on beside the next measurement.
        (await advisor.PostAsync(new Uri($"/api/campaigns/{campaign}/pause", UriKind.Relative), null)).EnsureSuccessStatusCode();
        return (campaign, took, rss);
    }

    private static Task<long> Planned(BenchmarkServer server, Guid campaign) => server.Ask<long>(Members, ("campaign", campaign));
}
