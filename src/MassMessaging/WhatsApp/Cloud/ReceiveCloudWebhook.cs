using MassMessaging.Http;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>
/// <c>GET|POST /api/webhooks/whatsapp-cloud</c>: Meta's handshake, and its notifications, stored durably and then answered 200. Whatever
/// is not answered 200 Meta repeats for days, so numbers that nobody has are 200 as well.
/// </summary>
internal static class ReceiveCloudWebhook
{
    private const int MaxBytes = 3 * 1024 * 1024; // Meta's own limit
    private const int MaxChallenge = 256;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/webhooks/whatsapp-cloud", Get)
            .Documented("verifyCloudWebhook", "Answers Meta's challenge if the verify token is known.", "webhook-token-wrong")
            .Asks("hub.mode", "subscribe").Asks("hub.verify_token", "the verify token of a profile").Asks("hub.challenge", "what to echo")
            .AllowAnonymous().ForService().WithTags("WhatsApp").Produces<string>(StatusCodes.Status200OK, "text/plain");
        api.MapPost("/webhooks/whatsapp-cloud", Post)
            .Documented("receiveCloudWebhook", "Takes a notification of Meta.", "webhook-signature-wrong", "body-too-large", "webhook-not-stored")
            .AllowAnonymous().ForService().DisableRateLimiting() // one sender speaks for all profiles, three times for each message
            .AnyBodySize() // read only up to our own limit: the server's would cut the connection before Meta has its answer
            .WithTags("WhatsApp").Produces(StatusCodes.Status200OK)
            .AtOnce();
    }

    private static async Task<IResult> Get(HttpContext context, CloudAccounts accounts, CancellationToken ct)
    {
        var query = context.Request.Query;
        var challenge = query["hub.challenge"].ToString();
        var isKnown = query["hub.mode"] == "subscribe" && challenge.Length is > 0 and <= MaxChallenge
            && query["hub.verify_token"].ToString() is { Length: > 0 } token && await accounts.IsVerifyToken(token, ct);
        if (!isKnown) return new Problem(StatusCodes.Status403Forbidden, "webhook-token-wrong", "No profile has this verify token.");

        context.Response.Headers.XContentTypeOptions = "nosniff"; // the challenge is a stranger's text
        return TypedResults.Text(challenge, "text/plain");
    }

    private static async Task<IResult> Post(
        HttpContext context, CloudAccounts accounts, WebhookStore webhooks, ILogger<WebhookStore> log, CancellationToken ct)
    {
        if (CloudSignature.Read(context.Request.Headers[CloudSignature.Header].ToString()) is not { } signature) return Wrong();

        try
        {
            if (await WebhookBody.Read(context.Request, MaxBytes, ct) is not { } body)
                return Problems.OfStatus(StatusCodes.Status413PayloadTooLarge);

            var ids = CloudWebhookIds.Of(body);
            var known = await accounts.OfNumbers(ids.Numbers, ct);
            if ((known.Count == 0 || ids.IsOfAccounts) && ids.Accounts.Count > 0)
                known = [.. known.Concat(await accounts.OfWabas(ids.Accounts, ct)).DistinctBy(account => account.PhoneNumberId)];
            if (known.Count == 0) return TypedResults.Ok();

            // Each signer reads of it only what is about its own number: a signature of one app says nothing for another's.
            var signers = signature.Signers(known, body);
            if (signers.Count == 0) return Wrong();
            foreach (var signer in signers)
                if (!await webhooks.Store(signer.Instance, WebhookBody.Text(body))) return Later();
            return TypedResults.Ok();
        }
        catch (Exception fault) when (!ct.IsCancellationRequested && fault is not BadHttpRequestException)
        {
            log.LogWarning(fault, "A webhook of Meta was not stored");
            return Later();
        }
    }

    private static Problem Wrong() =>
        new(StatusCodes.Status401Unauthorized, "webhook-signature-wrong", "The signature is not that of the number's app.");

    private static IResult Later() =>
        Problems.Unavailable("webhook-not-stored", "It could not be stored right now: send it again.", RetryAfter);
}
