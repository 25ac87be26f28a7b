using MassMessaging.Http;

namespace MassMessaging.WhatsApp.Evolution;

/// <summary>Creates, connects and asks after instances. A gateway that is away or confused is 503 <c>gateway-unavailable</c>.</summary>
internal sealed class EvolutionInstances(EvolutionClient client)
{
    // The minimum: each further event would come several times for each message.
    private static readonly string[] Events =
    [
        "QRCODE_UPDATED", "CONNECTION_UPDATE", "STATUS_INSTANCE", "LOGOUT_INSTANCE", "MESSAGES_UPSERT", "MESSAGES_UPDATE", "SEND_MESSAGE",
    ];

    /// <summary>Null when the gateway has no such instance.</summary>
    public async Task<InstanceState?> State(string instance, CancellationToken ct)
    {
        var answer = await Call(HttpMethod.Get, $"instance/connectionState/{instance}", body: null, ct);
        if (answer.Status == 404) return null;

        // A row that the gateway has not loaded has no state: it cannot send.
        return Expect(answer).TextAt("instance", "state") is { } state ? StateOf(state) : InstanceState.Close;
    }

    /// <summary>Makes sure that the instance exists and that its webhooks come to us.</summary>
    public async Task Register(string instance, Uri webhook, string secret, CancellationToken ct)
    {
        var hook = new
        {
            enabled = true, url = webhook.AbsoluteUri, byEvents = false, base64 = false,
            headers = new Dictionary<string, string> { [WebhookSecrets.Header] = secret }, events = Events,
        };
        if (await State(instance, ct) is null)
        {
            var created = await Call(HttpMethod.Post, "instance/create", NewInstance(instance, hook), ct);
            if (created.IsSuccess) return;
            if (created.Status != 403) throw Unavailable(created.Status); // 403: another request was faster
        }

        Expect(await Call(HttpMethod.Post, $"webhook/set/{instance}", new { webhook = hook }, ct));
    }

    /// <param name="number">Digits: asks for a pairing code as well, which the gateway gives when it begins to link, not later.</param>
    public async Task<Connecting> Connect(string instance, string? number, CancellationToken ct)
    {
        var query = number is null ? "" : $"?number={number}";
        var answer = Expect(await Call(HttpMethod.Get, $"instance/connect/{instance}{query}", body: null, ct));
        var state = answer.TextAt("instance", "state") is { } said ? StateOf(said) : InstanceState.Connecting;
        return new(state, answer.TextAt("base64") ?? answer.TextAt("code"), answer.TextAt("pairingCode"));
    }

    /// <summary>Unlinks the number; doing it twice, or without an instance, is no error.</summary>
    public async Task Logout(string instance, CancellationToken ct)
    {
        var answer = await Call(HttpMethod.Delete, $"instance/logout/{instance}", body: null, ct);
        if (answer.Status is not (400 or 404)) Expect(answer);
    }

    private static object NewInstance(string instance, object webhook) => new
    {
        instanceName = instance, integration = "WHATSAPP-BAILEYS", qrcode = false, webhook,
        rejectCall = false, groupsIgnore = true, alwaysOnline = false, readMessages = false, readStatus = false, syncFullHistory = false,
    };

    private static InstanceState StateOf(string state) => state switch
    {
        "open" => InstanceState.Open,
        "connecting" => InstanceState.Connecting,
        _ => InstanceState.Close,
    };

    private static GatewayAnswer Expect(GatewayAnswer answer) => answer.IsSuccess ? answer : throw Unavailable(answer.Status);

    private async Task<GatewayAnswer> Call(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        if (client.Options.Url is null) throw Unavailable("No WhatsApp gateway is configured.");

        using var content = body is null ? null : new OnceContent(EvolutionClient.Json(body), () => true);
        try
        {
            return await client.Call(method, path, content, client.Options.ManageTimeout, ct);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException
            && !ct.IsCancellationRequested)
        {
            throw Unavailable("The WhatsApp gateway cannot be reached right now.");
        }
    }

    private static ProblemException Unavailable(int status) => Unavailable($"The WhatsApp gateway answered {status}.");

    private static ProblemException Unavailable(string detail) =>
        new(new Problem(StatusCodes.Status503ServiceUnavailable, "gateway-unavailable", detail, RetryAfter: TimeSpan.FromSeconds(10)));
}
