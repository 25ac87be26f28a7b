using System.Text.Json.Serialization;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.WhatsApp;

/// <summary>A webhook as it came, to be read later.</summary>
/// <param name="Instance">The secret was right for it, whatever the body says.</param>
/// <param name="Body">Text, whatever it says.</param>
public sealed record WebhookReceived(string Instance, string Body, DateTimeOffset ReceivedAt)
{
    /// <summary>W3C trace context of the request that brought it: many are stored in one commit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trace { get; init; }
}

/// <summary>
/// <c>POST /api/webhooks/evolution/{instance}</c>: stored durably, then 200. The gateway drops what we answer 4xx and repeats what we
/// answer 5xx, so trouble of ours is 503.
/// </summary>
internal static class ReceiveWebhook
{
    private const int MaxBytes = 1024 * 1024;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder api)
    {
        MapOne(api, "/webhooks/evolution/{instance}", "receiveEvolutionWebhook");
        MapOne(api, "/webhooks/evolution/{instance}/{kind}", "receiveEvolutionWebhookByEvent");
    }

    private static void MapOne(IEndpointRouteBuilder api, string pattern, string name) => api.MapPost(pattern, Post)
        .Documented(name, "Takes an event of the gateway.", "webhook-secret-wrong", "webhook-not-stored", "body-too-large")
        .AllowAnonymous().ForService().DisableRateLimiting() // one gateway speaks for all profiles, some events for each message
        .AnyBodySize() // read only up to our own limit: the server's would cut the connection before the gateway has its answer
        .WithTags("WhatsApp").Produces(StatusCodes.Status200OK)
        .AtOnce();

    private static async Task<IResult> Post(
        string instance, HttpContext context, WebhookSecrets secrets, WebhookStore webhooks, ILogger<WebhookStore> log)
    {
        if (!InstanceName.IsValid(instance)) return TypedResults.Ok();

        try
        {
            var verdict = await secrets.Judge(instance, context.Request.Headers[WebhookSecrets.Header].ToString(), CancellationToken.None);
            if (verdict == WebhookSecrets.Verdict.Wrong)
                return new Problem(401, "webhook-secret-wrong", "The secret is not this instance's.");
            if (verdict == WebhookSecrets.Verdict.UnknownInstance) return TypedResults.Ok();
            if (await WebhookBody.Read(context.Request, MaxBytes, CancellationToken.None) is not { } body) return Problems.OfStatus(StatusCodes.Status413PayloadTooLarge);
            if (await webhooks.Store(instance, WebhookBody.Text(body))) return TypedResults.Ok();
        }
        catch (Exception fault) when (!context.RequestAborted.IsCancellationRequested && fault is not BadHttpRequestException)
        {
            log.LogWarning(fault, "A webhook of {Instance} was not stored", instance);
        }

        return Problems.Unavailable("webhook-not-stored", "It could not be stored right now: send it again.", RetryAfter);
    }
}

/// <summary>Stores webhooks by group commit into the durable queue.</summary>
internal sealed class WebhookStore
{
    private const int MostWaiting = 5000;
    private const int MostAtOnce = 500;

    // While one batch commits the next one gathers. Waiting for more company only holds callers up: 10 ms made 6,400 a second of 64 of them
    // at most, 2 ms 11,000.
    private static readonly TimeSpan Linger = TimeSpan.Zero;

    private static readonly Origin Gateway = new("gateway");

    private readonly IStore store;
    private readonly GroupCommit<WebhookReceived> commits;
    private int waiting;

    public WebhookStore(IStore store)
    {
        this.store = store;
        commits = new(MostAtOnce, Linger, Write);
    }

    /// <summary>False when too many wait already. What has come whole is stored, whether or not its sender still waits.</summary>
    public async Task<bool> Store(string instance, string body)
    {
        try
        {
            if (Interlocked.Increment(ref waiting) > MostWaiting) return false;

            await commits.Write(new(instance, body, store.Clock.GetUtcNow()) { Trace = Traces.Current }, CancellationToken.None);
            WhatsAppMeter.WebhooksReceived.Add(1);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task Write(IReadOnlyList<WebhookReceived> webhooks, CancellationToken ct)
    {
        await using var session = store.Open(Gateway);
        foreach (var webhook in webhooks) session.Send(webhook);
        await session.Commit(ct);
    }
}
