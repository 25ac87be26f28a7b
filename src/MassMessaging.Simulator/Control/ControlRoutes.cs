using System.Globalization;
using MassMessaging.Simulator.Cloud;
using MassMessaging.Simulator.Evolution;
using MassMessaging.Simulator.OpenAi;

namespace MassMessaging.Simulator.Control;

/// <summary>`/simulator/*`: what the real gateway has not. No key: the host listens on 127.0.0.1 only.</summary>
internal sealed class ControlRoutes(Gateway gateway, CloudPlatform cloud, OpenAiModel model, Outstanding outstanding)
{
    public async Task<Reply> Answer(HttpContext context, string[] path)
    {
        var (document, malformed) = await RequestBody.Read(context.Request, anyContentType: true);
        if (malformed is not null) return malformed;

        var (request, body) = (context.Request, document.RootElement);
        var (ledger, instance, after) = (gateway.Ledger, Text(request, "instance"), Whole(request, "after") ?? 0);
        return (request.Method, path) switch
        {
            ("GET", ["simulator"]) => Overview.Show(gateway, outstanding),
            ("GET", ["simulator", "faults"]) => FaultRoutes.List(gateway.Faults),
            ("PUT", ["simulator", "faults"]) => FaultRoutes.Put(gateway.Faults, body),
            ("DELETE", ["simulator", "faults"]) => FaultRoutes.Delete(gateway.Faults, instance, Text(request, "kind")),
            ("GET", ["simulator", "ledger"]) => LedgerRoutes.List(ledger.Of(instance, after, Limit(request))),
            ("GET", ["simulator", "ledger.csv"]) => LedgerRoutes.Csv(ledger.Of(instance)),
            ("GET", ["simulator", "ledger", "summary"]) => LedgerRoutes.Summary(ledger.Of(instance), ledger.ReceivedBy(instance)),
            ("GET", ["simulator", "ledger", "pace"]) => LedgerRoutes.Pace(ledger.Of(instance), Whole(request, "windowMs") ?? 60_000),
            ("GET", ["simulator", "ledger", "received"]) => LedgerRoutes.Received(ledger.ReceivedBy(instance, after, Limit(request))),
            ("DELETE", ["simulator", "ledger"]) => LedgerRoutes.Clear(ledger),
            ("GET", ["simulator", "webhooks"]) => Overview.Webhooks(gateway, outstanding),
            ("POST", ["simulator", "instances", var name, var act]) => InstanceRoutes.Do(gateway, name, act, body),
            ("GET", ["simulator", "cloud"]) => CloudRoutes.List(cloud),
            ("POST", ["simulator", "cloud", "numbers"]) => CloudRoutes.Add(cloud, body),
            ("POST", ["simulator", "cloud", "numbers", var id, var act]) => CloudRoutes.Do(cloud, id, act, body),
            (_, ["simulator", "openai", ..]) => OpenAiRoutes.Do(model, request, path, body, after, Limit(request)),
            _ => Reply.NotFound($"Cannot {request.Method} {request.Path}"),
        };
    }

    /// <summary>For answers that say no more than that it is done.</summary>
    public static Reply Done(string said) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("done", said);
        json.WriteEndObject();
    });

    public static Reply Wrong(string message) => Reply.Json(400, json =>
    {
        json.WriteStartObject();
        json.WriteString("error", message);
        json.WriteEndObject();
    });

    private static string? Text(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    private static long? Whole(HttpRequest request, string name) =>
        long.TryParse(request.Query[name], NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? whole : null;

    private static int Limit(HttpRequest request) => (int)Math.Clamp(Whole(request, "limit") ?? 1000, 0, int.MaxValue);
}
