using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Benchmarks.Rebuild;

namespace MassMessaging.Benchmarks.Reads;

/// <summary>The reads of a large profile, asked over HTTP of the service as it is shipped.</summary>
public static class ReadsBenchmark
{
    public static async Task Run(BenchmarkOptions options, Report report)
    {
        var clients = options.N ?? (options.Quick ? 100_000 : 1_000_000);
        var size = new ReadsSize(clients, Profiles: 1000, Events: clients * 10);
        var span = TimeSpan.FromSeconds(options.Quick ? 5 : 15);
        await using var server = await BenchmarkServer.Start(options);
        var campaign = await Load(server, size);
        await using var service = await ServiceProcess.Start(server);
        var floorUrl = ChildProcess.FreeUrl();
        await using var floor = await ChildProcess.Start(
            floorUrl, "/", [typeof(ReadsBenchmark).Assembly.Location, "floor-service", floorUrl.OriginalString, server.ConnectionString],
            new Dictionary<string, string>(), server.Folder);
        using var advisor = await Advisor.SignIn(service.Url);
        await Measure(advisor, service, floor, campaign, size, span, options.PerSecond, report);
    }

    /// <summary>While the service stands still, after it has made its tables and the profile.</summary>
    private static async Task<Guid> Load(BenchmarkServer server, ReadsSize size)
    {
        Guid profile;
        await using (var service = await ServiceProcess.Start(server))
        {
            using var advisor = await Advisor.SignIn(service.Url);
            profile = await Advisor.Profile(advisor);
        }

        var now = TimeProvider.System.GetUtcNow();
        Report.Tell($"Loading {size.Events} events, and {size.Clients} clients of {size.Profiles} profiles, {size.Largest} of one …");
        await RebuildData.Load(server.Database, size.Events / RebuildData.EventsOfOne, now);
        await server.SkipToEnd();
        return await ReadsData.Load(server.Database, profile, size, now);
    }

    private static async Task Measure(
        HttpClient advisor, ServiceProcess service, ChildProcess floor, Guid campaign, ReadsSize size, TimeSpan span, int perSecond,
        Report report)
    {
        using var plain = new HttpClient { BaseAddress = floor.Url };
        await Latency.Of(_ => Ask(plain, "/"), perSecond, TimeSpan.FromSeconds(3));
        var floorTook = await Latency.Of(_ => Ask(plain, "/"), perSecond, span);
        report.Add(new("reads-floor", 1, floorTook.Rate, "/s", floorTook.P99Ms, 1, floorTook.P50Ms, floorTook.P99Ms, floor.RssMb));
        foreach (var (name, paths) in await Questions(advisor, campaign))
        {
            await Latency.Of(number => Ask(advisor, paths[number % paths.Count]), perSecond, TimeSpan.FromSeconds(4));
            var took = await Latency.Of(number => Ask(advisor, paths[number % paths.Count]), perSecond, span);
            report.Add(new(
                $"reads-{name}", size.Clients, took.Rate, "/s", floorTook.P99Ms, Math.Round(took.P99Ms / floorTook.P99Ms, 2), took.P50Ms, took.P99Ms,
                service.RssMb));
        }
    }

    private static async Task<List<(string Name, List<string> Paths)>> Questions(HttpClient advisor, Guid campaign)
    {
        var deepClient = await Deep(advisor, "/api/clients?limit=5000");
        var deepMember = await Deep(advisor, $"/api/campaigns/{campaign}/audience?limit=5000");
        string[] names = ["maria garcia", "jose lopez", "nuria ib", "sofia gonzalez ruiz", "iván díaz", "perez carmen"];
        var found = (await advisor.GetFromJsonAsync<JsonElement>("/api/clients?limit=40&label=consumidor")).EnumerateArray().ToList();
        return
        [
            ("campaign-list", ["/api/campaigns?limit=50"]),
            ("campaign", [$"/api/campaigns/{campaign}"]),
            ("client-list", ["/api/clients?limit=50"]),
            ("client-list-deep", [$"/api/clients?limit=50&after={deepClient}"]),
            ("client-search", [.. names.Select(name => $"/api/clients?limit=50&q={Uri.EscapeDataString(name)}")]),
            ("client-search-phone", [.. found.Select(row => $"/api/clients?limit=50&q={row.GetProperty("phone").GetString()![5..]}")]),
            ("client-search-email", [.. found.Where(row => row.GetProperty("email").GetString() is not null)
                .Select(row => $"/api/clients?limit=50&q={Uri.EscapeDataString(row.GetProperty("email").GetString()!)}")]),
            ("client-label", ["/api/clients?limit=50&label=afiliado", "/api/clients/label/prospecto?limit=50"]),
            ("client-without-contact", ["/api/clients?limit=50&withoutContactDays=30", "/api/clients/without-contact/7?limit=50"]),
            ("audience", [$"/api/campaigns/{campaign}/audience?limit=50"]),
            ("audience-deep", [$"/api/campaigns/{campaign}/audience?limit=50&after={deepMember}"]),
            ("audience-status", [.. ((string[])["read", "failed", "sent"]).Select(status => $"/api/campaigns/{campaign}/audience?limit=50&status={status}")]),
            ("audience-replied", [$"/api/campaigns/{campaign}/audience?limit=50&replied=true"]),
        ];
    }

    /// <summary>The last id of the tenth page, or of the last one.</summary>
    private static async Task<Guid> Deep(HttpClient advisor, string path)
    {
        var last = Guid.Empty;
        for (var (page, next) = (0, path); page < 10 && next is not null; page++)
        {
            var answer = await advisor.GetAsync(new Uri(next, UriKind.RelativeOrAbsolute));
            last = (await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Last().GetProperty("id").GetGuid();
            next = answer.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
        }

        return last;
    }

    private static async Task Ask(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }
}
