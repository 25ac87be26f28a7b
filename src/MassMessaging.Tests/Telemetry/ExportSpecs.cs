using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Telemetry;

public sealed class ExportSpecs(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_collector_that_takes_all_and_answers_nothing_holds_up_neither_requests_nor_the_stop_and_logs_are_json()
    {
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        await using var service = await ServiceProcess.Start(new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = database.ConnectionString,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{hole.LocalEndpoint}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "600000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
            ["LOG_FORMAT"] = "json",
            ["Logging__LogLevel__Microsoft.AspNetCore.Routing"] = "Debug",
        });
        using var client = new HttpClient { BaseAddress = service.Url };
        for (var request = 0; request < 5; request++) Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/clients")).StatusCode);

        Assert.Equal(0, await service.Terminate()); // the harness waits a minute; the exporter alone would hold it for ten

        var lines = service.Output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Contains(lines, line => line.GetProperty("category").GetString() == "Microsoft.Hosting.Lifetime");
        Assert.Contains(lines, line => line.TryGetProperty("traceId", out var trace) && trace.GetString()!.Length == 32);
        Assert.All(lines, line => Assert.Equal("+00:00", line.GetProperty("at").GetString()![^6..]));
    }
}
