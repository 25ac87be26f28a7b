namespace MassMessaging.Telemetry;

/// <summary>
/// OpenTelemetry's own variables, which its SDK reads and passes over where they are wrong: a mistake is told at the start instead. Nothing is
/// exported without an endpoint.
/// </summary>
internal static class OpenTelemetrySettings
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static bool AreOn(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[Endpoint]);

    public static void Check(SettingValues values)
    {
        foreach (var url in (string[])[Endpoint, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"])
            values.Url(url, "http", "https");
        values.Matching("OTEL_EXPORTER_OTLP_PROTOCOL", @"\A(grpc|http/protobuf)\z", "grpc or http/protobuf");
        values.Whole("OTEL_EXPORTER_OTLP_TIMEOUT", fallback: 10_000, min: 1, max: 600_000);
        values.Whole("OTEL_METRIC_EXPORT_INTERVAL", fallback: 60_000, min: 100, max: 86_400_000);
        values.Matching(
            "OTEL_TRACES_SAMPLER", @"\A(parentbased_)?(always_on|always_off|traceidratio)\z",
            "always_on, always_off or traceidratio, each also behind parentbased_");
        values.Matching("OTEL_TRACES_SAMPLER_ARG", @"\A(0(\.\d{1,9})?|1(\.0{1,9})?)\z", "a share from 0 to 1");
        values.Flag("OTEL_SDK_DISABLED");
        values.Matching("LOG_FORMAT", @"\A(text|json)\z", "text or json");
    }
}
