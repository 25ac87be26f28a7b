using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Benchmarks.Sending;

namespace MassMessaging.Benchmarks.Webhooks;

/// <summary>
/// Receipts told over HTTP: accepted by a node that only answers requests; then drained, and accepted and applied at once, by one that does
/// both.
/// </summary>
public static class WebhooksBenchmark
{
    public static async Task Run(BenchmarkOptions options, Report report)
    {
        var size = options.Quick ? new WebhooksSize(20_000, 3, 40_000, 10) : new WebhooksSize(100_000, 3, 150_000, 60);
        if (options.N is { } n) size = size with { Accepted = n / 4, Drained = n / 2 };
        await using var server = await BenchmarkServer.Start(options);
        await using var gateway = await Gateway.Start(server.Folder);
        (string, string)[] settings = [("EVOLUTION_API_URL", gateway.Url.OriginalString), ("EVOLUTION_API_KEY", "benchmark")];
        var target = await Connect(server, gateway, settings);
        Report.Tell($"Writing {size.Members} messages that were sent …");
        await WebhookData.Load(server, target, 0, size.Members, TimeProvider.System.GetUtcNow());

        var accepted = 0;
        await using (var service = await ServiceProcess.Start(server, [.. settings, ("ROLE", "api")]))
            accepted = await Accepted(server, service, target, size, report);
        await using (var service = await ServiceProcess.Start(server, settings))
        {
            await WebhookInbox.Drained(server, accepted * 2L);
            await Drained(server, service, target, size, accepted, report);
            await Applied(server, service, target, size, accepted + size.Drained, report);
        }
    }

    /// <summary>A profile with an instance; the service made its secret, and told the gateway.</summary>
    public static async Task<WebhookTarget> Connect(BenchmarkServer server, Gateway gateway, (string, string)[] settings)
    {
        await using var service = await ServiceProcess.Start(server, settings);
        using var advisor = await Advisor.SignIn(service.Url);
        (await advisor.PostAsJsonAsync("/api/whatsapp/connect", new { })).EnsureSuccessStatusCode();
        var hook = JsonElement.Parse(await gateway.Webhook()).GetProperty("webhook");
        await server.CaughtUp();
        return new(
            await Advisor.Profile(advisor), hook.GetProperty("url").GetString()!.Split('/')[^1],
            hook.GetProperty("headers").GetProperty("X-Webhook-Secret").GetString()!);
    }

    /// <summary>In turns with the endpoint that does nothing. Answers how many members were told of.</summary>
    private static async Task<int> Accepted(BenchmarkServer server, ServiceProcess service, WebhookTarget target, WebhooksSize size, Report report)
    {
        var url = ChildProcess.FreeUrl();
        await using var floor = await ChildProcess.Start(
            url, "/", [typeof(WebhooksBenchmark).Assembly.Location, "webhook-floor", url.OriginalString], new Dictionary<string, string>(), server.Folder);
        var (rates, floors, p50, p99, first) = (new Repeats(), new Repeats(), new Repeats(), new Repeats(), 0);
        var (used, wal) = (new Used(0, 0), new WalWritten(0, 0));
        for (var round = 0; round <= size.Rounds; round++)
        {
            var bare = await WebhookLoad.Start(new(url, target, first, size.Accepted));
            var (usedBefore, walBefore) = (await service.Used(), await server.Wal());
            var told = await WebhookLoad.Start(new(service.Url, target, first, size.Accepted));
            first += size.Accepted;
            Report.Tell(FormattableString.Invariant($"webhooks-accepted: {told.Rate:F0}/s, p99 {told.P99Ms} ms; nothing done {bare.Rate:F0}/s"));
            if (round == 0) continue; // the first one warms up

            used += await service.Used() - usedBefore;
            wal += await server.Wal() - walBefore;
            rates.Add(told.Rate);
            floors.Add(bare.Rate);
            p50.Add(told.P50Ms);
            p99.Add(told.P99Ms);
        }

        var all = size.Rounds * 2.0 * size.Accepted;
        report.Add(new(
            "webhooks-accepted", size.Accepted * 2, Math.Round(rates.Median), "statuses/s", Math.Round(floors.Median),
            Math.Round(rates.Median / floors.Median, 2), p50.Median, p99.Median, service.RssMb)
        {
            Min = Math.Round(rates.Min), Max = Math.Round(rates.Max), Beside = Cost(used, wal, all),
        });
        return first;
    }

    private static async Task Drained(
        BenchmarkServer server, ServiceProcess service, WebhookTarget target, WebhooksSize size, int first, Report report)
    {
        await server.CaughtUp();
        var (usedBefore, walBefore) = (await service.Used(), await server.Wal());
        await WebhookInbox.Fill(server, target, first, size.Drained);
        var took = await Repeats.Time(() => WebhookInbox.Drained(server, (first + size.Drained) * 2L));
        await WebhookInbox.Check(server, (first + size.Drained) * 2L);
        report.Add(new(
            "webhooks-drained", size.Drained * 2, Math.Round(size.Drained * 2 / took.TotalSeconds), "statuses/s", null, null, null, null, service.RssMb)
        {
            Beside = Cost(await service.Used() - usedBefore, await server.Wal() - walBefore, size.Drained * 2),
        });
    }

    private static async Task Applied(
        BenchmarkServer server, ServiceProcess service, WebhookTarget target, WebhooksSize size, int first, Report report)
    {
        var (usedBefore, walBefore) = (await service.Used(), await server.Wal());
        var told = await WebhookLoad.Start(new(service.Url, target, first, size.Applied, size.Seconds, server.ConnectionString));
        await WebhookInbox.Check(server, (first * 2L) + told.Accepted);
        report.Add(new(
            "webhooks-applied", told.Accepted, Math.Round(told.Rate), "statuses/s", null, null, told.LagP50Ms, told.LagP99Ms, service.RssMb)
        {
            Beside = FormattableString.Invariant(
                $"p50 and p99 of the lag; accepted within {told.P50Ms} ms, p99 {told.P99Ms} ms; {Cost(await service.Used() - usedBefore, await server.Wal() - walBefore, told.Accepted)}"),
        });
    }

    private static string Cost(Used used, WalWritten wal, double statuses) => FormattableString.Invariant(
        $"a status: {used.Allocated / statuses:F0} B allocated, {used.ProcessorMs * 1000 / statuses:F0} µs of the service's processor time, {(double)wal.Bytes / statuses:F0} B of WAL, {wal.FullPages / statuses:F3} full-page images");
}

/// <param name="Accepted">Members of a round, each told of twice; as the others.</param>
/// <param name="Seconds">Of accepting and applying at once.</param>
public sealed record WebhooksSize(int Accepted, int Rounds, int Drained, int Seconds)
{
    /// <summary>More than can be told within the time.</summary>
    public int Applied => Seconds * 7_500;

    public int Members => ((Rounds + 1) * Accepted) + Drained + Applied;
}
