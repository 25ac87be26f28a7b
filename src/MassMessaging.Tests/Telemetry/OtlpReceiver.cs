using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Telemetry;

internal sealed record Span(
    string TraceId, string SpanId, string ParentId, string Source, string Name, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Links);

/// <param name="Sum">Of a histogram; of everything else its value.</param>
/// <param name="Count">Of a histogram.</param>
internal sealed record Point(string Name, string Unit, IReadOnlyDictionary<string, string> Tags, double Sum, long Count);

/// <summary>A collector on 127.0.0.1 that takes OTLP over HTTP and keeps what came.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const string Metrics = "/v1/metrics";

    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> bodies = new();

    private OtlpReceiver(WebApplication app) => this.app = app;

    public string Url { get; private set; } = "";

    /// <summary>Settings of a service that exports to it often.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    public IReadOnlyList<byte[]> Bodies => [.. bodies.Select(body => body.Body)];

    public IReadOnlyList<string> Services =>
    [
        .. bodies.SelectMany(body => Protobuf.Parse(body.Body).All(1)).Select(resource => Tags(resource.One(1)!, 1)["service.name"]).Distinct(),
    ];

    public IReadOnlyList<Span> Spans =>
    [
        .. from body in bodies
           where body.Path == "/v1/traces"
           from resource in Protobuf.Parse(body.Body).All(1)
           from scope in resource.All(2)
           from span in scope.All(2)
           select new Span(
               span.Hex(1), span.Hex(2), span.Hex(4), scope.One(1)!.Text(1), span.Text(5), Tags(span, 9),
               [.. span.All(13).Select(link => $"{link.Hex(1)}-{link.Hex(2)}")]),
    ];

    public IReadOnlyList<Point> Points => [.. bodies.Where(body => body.Path == Metrics).SelectMany(body => PointsOf(body.Body))];

    /// <summary>Of the last export, which says again what those before it said.</summary>
    public IReadOnlyList<Point> LastPoints => bodies.LastOrDefault(body => body.Path == Metrics).Body is { } last ? PointsOf(last) : [];

    private static IReadOnlyList<Point> PointsOf(byte[] body) =>
    [
        .. from resource in Protobuf.Parse(body).All(1)
           from scope in resource.All(2)
           from metric in scope.All(2)
           from point in Measured(metric)
           select point,
    ];

    public static async Task<OtlpReceiver> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.Run(receiver.Take);
        await receiver.app.StartAsync();
        receiver.Url = receiver.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        bodies.Enqueue((context.Request.Path, body.ToArray()));
    }

    private static IEnumerable<Point> Measured(Protobuf metric)
    {
        var (name, unit) = (metric.Text(1), metric.Text(3));
        foreach (var kind in (int[])[5, 7])
            foreach (var point in metric.All(kind).SelectMany(numbers => numbers.All(1)))
                yield return new Point(name, unit, Tags(point, 7), point.Has(6) ? point.Whole(6) : point.Number(4), 0);
        foreach (var point in metric.All(9).SelectMany(histogram => histogram.All(1)))
            yield return new Point(name, unit, Tags(point, 9), point.Number(5), point.Whole(4));
    }

    private static Dictionary<string, string> Tags(Protobuf of, int field) =>
        of.All(field).ToDictionary(pair => pair.Text(1), pair => Value(pair.One(2)), StringComparer.Ordinal);

    private static string Value(Protobuf? any) => any switch
    {
        null => "",
        _ when any.Has(1) => any.Text(1),
        _ when any.Has(3) => any.Whole(3).ToString(CultureInfo.InvariantCulture),
        _ when any.Has(4) => any.Number(4).ToString(CultureInfo.InvariantCulture),
        _ when any.Has(2) => any.Whole(2) == 1 ? "true" : "false",
        _ => string.Join(',', any.One(5)?.All(1).Select(Value) ?? []),
    };
}
