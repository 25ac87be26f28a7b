using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>The gateway's routes, with its guards in its order: instance (404), name free (403), key (401).</summary>
internal sealed class Router(Gateway gateway)
{
    /// <returns>null: the connection is to be reset.</returns>
    public async Task<Reply?> Answer(HttpContext context, string[] path)
    {
        var received = path is ["message", _, var target] ? gateway.Ledger.Receive(target) : null;
        var (document, malformed) = await RequestBody.Read(context.Request);
        var reply = malformed ?? await Route(context.Request, path, document.RootElement, received);
        if (received is not null) received.Status = reply?.Status ?? 0;
        return reply;
    }

    private async Task<Reply?> Route(HttpRequest request, string[] path, JsonElement body, ReceivedSend? received)
    {
        var key = request.Headers["apikey"].ToString();
        switch (request.Method, path)
        {
            case ("GET", []):
                return Liveness();
            case ("POST", ["instance", "create"]):
                if (body.Text("instanceName") is { } taken && gateway.Instances.ContainsKey(taken)) return Reply.NameInUse(taken);
                return key == gateway.Options.ApiKey ? await CreateInstance.Handle(gateway, body) : Reply.Unauthorized();
            case ("GET", ["instance", "fetchInstances"]):
                return Fetch(request, key);
            case (_, [var area, var verb, var name]) when IsRoute(request.Method, area, verb):
                if (!gateway.Instances.TryGetValue(name, out var instance)) return Reply.NoInstance(name);
                if (key.Length == 0 || (key != gateway.Options.ApiKey && key != instance.Token)) return Reply.Unauthorized();
                if (request.Query["instanceName"].ToString() is { Length: > 0 } other)
                {
                    // The real gateway lets the query override the path after the guards: a token of one instance works on another.
                    if (!gateway.Instances.TryGetValue(other, out instance)) return Reply.Crash(Sockets.NotLoaded);
                }

                return await Call(request, area, verb, instance, body, received);
            default:
                return Reply.NotFound($"Cannot {request.Method} {request.Path}{request.QueryString}");
        }
    }

    private static bool IsRoute(string method, string area, string verb) => (method, area, verb) switch
    {
        ("POST", "message", "sendText" or "sendMedia" or "sendTemplate") => true,
        ("GET", "instance", "connect" or "connectionState") => true,
        ("POST", "instance", "restart") => true,
        ("DELETE", "instance", "logout" or "delete") => true,
        ("POST", "webhook", "set") or ("GET", "webhook", "find") => true,
        ("POST", "settings", "set") or ("GET", "settings", "find") => true,
        ("POST", "chat", "whatsappNumbers" or "findMessages" or "findStatusMessage") => true,
        ("GET", "template", "find") => true,
        _ => false,
    };

    private async Task<Reply?> Call(
        HttpRequest request, string area, string verb, Instance instance, JsonElement body, ReceivedSend? received) =>
        (area, verb) switch
        {
            ("message", "sendText") => await SendText.Handle(gateway, instance, body, received!),
            ("message", "sendMedia") => await SendText.HandleMedia(gateway, instance, body, received!),
            ("message", "sendTemplate") => await SendText.HandleTemplate(gateway, instance, body, received!),
            ("instance", "connect") => await InstanceCalls.Connect(gateway, instance, request.Query["number"]),
            ("instance", "connectionState") => InstanceCalls.State(instance),
            ("instance", "restart") => await InstanceCalls.Restart(gateway, instance),
            ("instance", "logout") => InstanceCalls.LogOut(gateway, instance),
            ("instance", "delete") => InstanceCalls.Delete(gateway, instance),
            ("webhook", "set") => WebhookCalls.Set(gateway, instance, body),
            ("webhook", "find") => WebhookCalls.Find(instance),
            ("settings", "set") => InstanceSettingsJson.Set(gateway, instance, body),
            ("settings", "find") => InstanceSettingsJson.Find(instance),
            ("chat", "whatsappNumbers") => ChatCalls.CheckNumbers(gateway, instance, body),
            ("chat", "findMessages") => ChatCalls.FindMessages(gateway, instance, body),
            ("chat", "findStatusMessage") => ChatCalls.FindStatuses(gateway, instance, body),
            _ => Reply.Json(200, json =>
            {
                json.WriteStartArray();
                json.WriteEndArray();
            }),
        };

    private Reply Fetch(HttpRequest request, string key)
    {
        var isGlobal = key == gateway.Options.ApiKey;
        if (key.Length == 0 || (!isGlobal && gateway.Instances.Values.All(instance => instance.Token != key))) return Reply.Unauthorized();

        var query = request.Query;
        return InstanceCalls.Fetch(gateway, isGlobal ? null : key, query["instanceName"], query["instanceId"], query["number"]);
    }

    private static Reply Liveness() => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("status", 200);
        json.WriteString("message", "Welcome to the Evolution API, it is working!");
        json.WriteString("version", "2.3.6");
        json.WriteString("clientName", "evolution_exchange");
        json.WriteString("documentation", "https://doc.evolution-api.com");
        json.WriteString("whatsappWebVersion", "2.3000.1028450369");
        json.WriteEndObject();
    });
}
