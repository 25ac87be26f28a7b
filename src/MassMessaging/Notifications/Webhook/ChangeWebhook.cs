using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Notifications.Webhook;

/// <param name="Url">Null: notifications are sent nowhere.</param>
/// <param name="Secret">16 to 255 characters; write-only, so always null in answers.</param>
/// <param name="Events">Codes of what is sent; empty is all.</param>
public sealed record WebhookBody(string? Url, string? Secret, IReadOnlyList<string>? Events);

/// <param name="Secret">Always null: it is never shown. See <paramref name="HasSecret"/>.</param>
/// <param name="LastFailure">Why the last failed delivery failed; it may have been repeated with success since.</param>
public sealed record WebhookAnswer(
    string? Url, string? Secret, bool HasSecret, IReadOnlyList<string> Events, DateTimeOffset? LastDeliveredAt, DateTimeOffset? LastFailedAt,
    string? LastFailure)
{
    public static WebhookAnswer Of(ProfileWebhook? webhook) => webhook is null
        ? new(null, null, HasSecret: false, [], null, null, null)
        : new(webhook.Url, null, HasSecret: true, webhook.Events, webhook.LastDeliveredAt, webhook.LastFailedAt, webhook.LastFailure);
}

/// <summary>
/// <c>GET|PUT /api/profile/webhook</c>. Fields that are left out stay; <c>url: null</c> turns it off and forgets the secret.
/// </summary>
public static class ChangeWebhook
{
    private const int LongestUrl = 2_048;
    private const int ShortestSecret = 16;
    private const int LongestSecret = 255;
    private static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/profile/webhook", Get).WithTags("Profile").Needs(Scope.Read)
            .Documented("readWebhook", "Where notifications are sent, and how that goes.").Produces<WebhookAnswer>();
        routes.MapPut("/profile/webhook", Put).WithTags("Profile").Needs(Scope.Write)
            .Documented(
                "changeWebhook", "Chooses where notifications are sent; url null turns it off.",
                "validation-failed", "webhook-url-refused", "notification-code-unknown")
            .Takes<WebhookBody>().Produces<WebhookAnswer>();
    }

    private static async Task<IResult> Get(Caller caller, IStore store, CancellationToken ct) =>
        TypedResults.Ok(WebhookAnswer.Of(await ProfileWebhook.Find(store, caller.ProfileId, ct)));

    private static async Task<IResult> Put(
        Caller caller, Fields body, IStore store, WebhookTargets targets, SigningSecrets secrets, CancellationToken ct)
    {
        var url = body.Text("url", LongestUrl);
        if (body.Has("url") && !body.Given("url")) return await TurnOff(caller, store, ct);

        var secret = Secret(body);
        var events = Events(body);
        await CheckUrl(body, url, targets, ct);

        await using var session = store.Open(caller.Origin);
        var before = await ProfileWebhook.Lock(session, caller.ProfileId, ct);
        if (before is null && !body.Has("url")) body.Wrong("url", "is required");
        if (before is null && !body.Given("secret")) body.Wrong("secret", "is required");
        if (body.AreWrong) return body.Problem();

        var stored = secret is null ? before!.Secret : secrets.Protect(caller.ProfileId, secret);
        var chosen = body.Has("events") ? events ?? [] : before?.Events ?? [];
        var webhook = new ProfileWebhook(url ?? before!.Url, stored, chosen, null, null, null);
        await ProfileWebhook.Save(session, caller.ProfileId, webhook, ct);
        await session.Commit(ct);
        return await Get(caller, store, ct);
    }

    private static async Task<IResult> TurnOff(Caller caller, IStore store, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        await ProfileWebhook.Remove(session, caller.ProfileId, ct);
        await session.Commit(ct);
        return TypedResults.Ok(WebhookAnswer.Of(null));
    }

    private static string? Secret(Fields body)
    {
        var secret = body.Text("secret", LongestSecret);
        if (secret is { Length: < ShortestSecret }) body.Wrong("secret", $"must have at least {ShortestSecret} characters");
        return secret;
    }

    private static List<string>? Events(Fields body)
    {
        var events = body.Texts("events", maxCount: 50, max: 100);
        var unknown = events?.Except(NotificationCodes.All, StringComparer.Ordinal).ToList() ?? [];
        if (unknown.Count > 0)
            body.Wrong("events", $"names what is never sent: {string.Join(", ", unknown)}", "notification-code-unknown");
        return events?.Distinct(StringComparer.Ordinal).ToList();
    }

    /// <summary>Before the session: looking a host up may take seconds.</summary>
    private static async Task CheckUrl(Fields body, string? text, WebhookTargets targets, CancellationToken ct)
    {
        if (text is null) return;
        if (targets.Parse(text) is not { } url || !await IsPublic(url, targets, ct)) body.Wrong("url", WebhookTargets.Rule, "webhook-url-refused");
    }

    private static async Task<bool> IsPublic(Uri url, WebhookTargets targets, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(LookupTimeout);
        try
        {
            return await targets.Addresses(url.IdnHost, limit.Token) is { Length: > 0 };
        }
        catch (TargetRefusedException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
