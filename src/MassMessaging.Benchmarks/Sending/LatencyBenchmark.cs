using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace MassMessaging.Benchmarks.Sending;

/// <summary>
/// One campaign to one person at a time on a system that does nothing else: from before <c>POST send</c> until the gateway is called, and
/// from the 200 of the webhook with the receipt until the campaign's counters show it.
/// </summary>
public static class LatencyBenchmark
{
    /// <summary>Until what a sending runs through is compiled for good: after 100 the code is still being watched, and 20 ms are 26.</summary>
    private const int WarmUps = 400;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    private const string GatewayId = """
        select g.gateway_id from campaign_audience a join gateway_message g on g.profile_id = a.profile_id and g.member_id = a.id
        where a.campaign_id = @campaign
        """;

    private const string Delivered = "select 1 from campaign_counters where id = @campaign and delivered = 1";
    private const string Completed = "select 1 from campaign c join campaign_counters k using (profile_id, id) where c.id = @campaign and c.status = 'sent' and k.sent = 1";

    public static async Task Run(BenchmarkOptions options, Report report)
    {
        var samples = options.Quick ? 100 : 300;
        await using var server = await BenchmarkServer.Start(options);
        await using var gateway = await Gateway.Start(server.Folder);
        await using var service = await ServiceProcess.Start(
            server, ("EVOLUTION_API_URL", gateway.Url.OriginalString), ("EVOLUTION_API_KEY", "benchmark"));
        using var advisor = await Advisor.SignIn(service.Url);
        var pacing = new { messages = 100_000, perSeconds = 60, spread = false, jitter = 0 };
        (await advisor.PutAsJsonAsync("/api/whatsapp/pacing", pacing)).EnsureSuccessStatusCode();
        (await advisor.PostAsJsonAsync("/api/whatsapp/connect", new { })).EnsureSuccessStatusCode();
        using var webhook = await Webhook.Of(gateway);
        var client = await advisor.Create("/api/clients", new { name = "María García", phone = "+525512345678" });

        var (sends, counters) = (new List<double>(), new List<double>());
        for (var sample = -WarmUps; sample < samples; sample++)
        {
            var (send, counter) = await Measure(server, gateway, advisor, webhook, client);
            if (sample < 0) continue;
            sends.Add(send);
            counters.Add(counter);
        }

        report.Add(Of("latency-send", sends, service));
        report.Add(Of("latency-counter", counters, service));
    }

    private static async Task<(double SendMs, double CounterMs)> Measure(
        BenchmarkServer server, Gateway gateway, HttpClient advisor, Webhook webhook, Guid client)
    {
        var campaign = await advisor.Create("/api/campaigns", new
        {
            name = "Marzo", objective = "ventas", messageContent = "Hola {nombre_cliente}", audience = new { clientIds = (Guid[])[client] },
        });
        await gateway.Sent();
        var asked = Stopwatch.GetTimestamp();
        (await advisor.PostAsync(new Uri($"/api/campaigns/{campaign}/send", UriKind.Relative), null)).EnsureSuccessStatusCode();
        var called = (long)await Until(async () => (await gateway.Sent()).First is > 0 and var first ? first : null);
        await Until(() => First(server, Completed, campaign));
        var id = (string)await Until(() => First(server, GatewayId, campaign));

        await webhook.Deliver(id);
        var answered = Stopwatch.GetTimestamp();
        await Until(() => First(server, Delivered, campaign));
        return (Stopwatch.GetElapsedTime(asked, called).TotalMilliseconds, Stopwatch.GetElapsedTime(answered).TotalMilliseconds);
    }

    private static Figure Of(string name, List<double> took, ServiceProcess service)
    {
        took.Sort();
        var (p50, p99) = (Math.Round(took[took.Count / 2], 1), Math.Round(took[took.Count * 99 / 100], 1));
        return new(name, took.Count, p50, "ms", null, null, p50, p99, service.RssMb);
    }

    private static async Task<object> Until(Func<Task<object?>> look)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (await look() is { } found) return found;
            if (waited.Elapsed > Longest) throw new InvalidOperationException("What was waited for does not come.");
            await Task.Delay(Look);
        }
    }

    private static async Task<object?> First(BenchmarkServer server, string sql, Guid campaign)
    {
        await using var command = server.Database.CreateCommand(sql);
        command.Parameters.AddWithValue("campaign", campaign);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The gateway's way to tell the service, as the service asked for it.</summary>
    private sealed class Webhook(HttpClient http, Uri url) : IDisposable
    {
        public static async Task<Webhook> Of(Gateway gateway)
        {
            using var asked = JsonDocument.Parse(await gateway.Webhook());
            var hook = asked.RootElement.GetProperty("webhook");
            var http = new HttpClient();
            foreach (var header in hook.GetProperty("headers").EnumerateObject()) http.DefaultRequestHeaders.Add(header.Name, header.Value.GetString());
            return new(http, new Uri(hook.GetProperty("url").GetString()!));
        }

        public async Task Deliver(string gatewayId)
        {
            using var answer = await http.PostAsJsonAsync(url, new
            {
                @event = "messages.update", instance = url.Segments[^1],
                data = new { keyId = gatewayId, remoteJid = "525512345678@s.whatsapp.net", fromMe = true, status = "DELIVERY_ACK" },
            });
            answer.EnsureSuccessStatusCode();
        }

        public void Dispose() => http.Dispose();
    }
}
