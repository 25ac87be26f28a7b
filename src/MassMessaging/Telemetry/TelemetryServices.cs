using System.Reflection;
using MassMessaging.Kernel;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MassMessaging.Telemetry;

/// <summary>
/// Figures and traces over OTLP, if there is somewhere to send them, and the format of the logs. The instruments stand with what they measure;
/// here is only who listens to them.
/// </summary>
public static class TelemetryServices
{
    /// <summary>What comes beyond is told together, so that sums stay right. Room for all is taken at once.</summary>
    private const int MostSeries = 10_000;

    /// <summary>Their tags grow with profiles and campaigns.</summary>
    private static readonly string[] Growing =
    [
        "massmessaging.messages.sent", "massmessaging.messages.delivered", "massmessaging.message.send.duration", "massmessaging.campaign.completion",
        "massmessaging.assistant.tokens",
    ];

    private static readonly string[] Sources = ["MassMessaging.*", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "OpenAI.*"];

    private static readonly string[] Meters =
    [
        "MassMessaging.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "Npgsql", "OpenAI.*", "System.Runtime",
    ];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["LOG_FORMAT"] == "json")
            builder.Logging.AddConsoleFormatter<JsonLogs, ConsoleFormatterOptions>()
                .AddConsole(console => console.FormatterName = JsonLogs.FormatterName);
        if (!OpenTelemetrySettings.AreOn(builder.Configuration)) return;

        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        AppContext.SetSwitch("OpenAI.Experimental.EnableOpenTelemetry", true); // models, tokens and times, no texts
        var configuration = builder.Configuration;
        builder.Services.AddHostedService(services => new Export(() => Start(configuration, services.GetRequiredService<NodeId>())));
    }

    public static void UseTelemetry(this WebApplication app)
    {
        if (OpenTelemetrySettings.AreOn(app.Configuration)) app.Use(RequestTraces.Tell);
    }

    private static OpenTelemetrySdk Start(IConfiguration configuration, NodeId node) => OpenTelemetrySdk.Create(telemetry =>
    {
        telemetry.Services.AddSingleton(configuration);
        telemetry.ConfigureResource(resource => resource.Clear()
            .AddService("massmessaging", serviceVersion: Version(), autoGenerateServiceInstanceId: false, serviceInstanceId: node.Value.ToString())
            .AddTelemetrySdk().AddEnvironmentVariableDetector()); // last: OTEL_SERVICE_NAME wins
        telemetry.WithTracing(tracing => tracing.AddSource(Sources).AddProcessor(new WithoutSecrets()).AddOtlpExporter());
        telemetry.WithMetrics(metrics => metrics.AddMeter(Meters).AddView(View).AddOtlpExporter());
    });

    /// <summary>The driver measures each statement already; its figure has one more name.</summary>
    private static MetricStreamConfiguration? View(System.Diagnostics.Metrics.Instrument instrument) => instrument.Name switch
    {
        "db.client.operation.duration" => new() { Name = "massmessaging.db.duration" },
        var name when Growing.Contains(name) => new() { CardinalityLimit = MostSeries },
        _ => null,
    };

    private static string? Version() =>
        typeof(TelemetryServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>A collector that is away costs what does not reach it, and a stop no more than its limit.</summary>
    private sealed class Export(Func<OpenTelemetrySdk> start) : IHostedService
    {
        private const int StopLimitMilliseconds = 1_500;

        private OpenTelemetrySdk? sdk;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            sdk = start();
            return Task.CompletedTask;
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            if (sdk is not { } started) return;

            var last = Task.WhenAll(
                Task.Run(() => started.TracerProvider.Shutdown(StopLimitMilliseconds), CancellationToken.None),
                Task.Run(() => started.MeterProvider.Shutdown(StopLimitMilliseconds), CancellationToken.None));
            await Task.WhenAny(last, Task.Delay(StopLimitMilliseconds, CancellationToken.None)); // the last figures may wait for a database that is away
            if (last.IsCompleted) started.Dispose();
        }
    }
}
