using System.Text.Json;
using MassMessaging.Http;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>How Meta says a number stands.</summary>
/// <param name="Phone">E.164.</param>
/// <param name="Reason"><c>meta-190</c> …: why the token or the number is not taken.</param>
internal sealed record CloudNumberState(InstanceState State, string? Phone, string? Reason);

/// <param name="Body">The text with its placeholders; empty when there is none.</param>
/// <param name="ParameterCount">Of the body.</param>
public sealed record TemplateOfMeta(string Name, string Language, string Category, string Status, string Body, int ParameterCount);

/// <summary>Asks Meta after numbers and templates. Meta away or confused is 503 <c>gateway-unavailable</c>.</summary>
internal sealed class CloudNumbers(CloudClient client)
{
    private const int MaxAnswerBytes = 1024 * 1024;
    private const int MostPages = 20;

    public async Task<CloudNumberState> Check(CloudAccount account, CancellationToken ct)
    {
        if (account.Secrets is null) return new(InstanceState.Close, null, "credentials-unreadable");

        var answer = await Call(HttpMethod.Get, $"{account.PhoneNumberId}?fields=display_phone_number,quality_rating", account, null, ct);
        if (answer.IsSuccess && answer.TextAt("id") == account.PhoneNumberId)
            return new(InstanceState.Open, IncomingText.Phone(Digits(answer.TextAt("display_phone_number"))), null);

        return CloudOutcome.CodeOf(answer) is { } code && IsVerdict(code)
            ? new(InstanceState.Close, null, MetaOutcome.Name(code))
            : throw Unavailable($"Meta answered {answer.Status}.");
    }

    /// <summary>Has the account's webhooks come to us; Meta calls back with the verify token before it answers. False: not now.</summary>
    public async Task<bool> Subscribe(CloudAccount account, Uri callback, CancellationToken ct)
    {
        var body = new { override_callback_uri = callback.AbsoluteUri, verify_token = account.Secrets!.VerifyToken };
        return (await Call(HttpMethod.Post, $"{account.WabaId}/subscribed_apps", account, body, ct)).IsSuccess;
    }

    /// <exception cref="ProblemException">409 <c>gateway-refused</c>: Meta does not take the account's token.</exception>
    public async Task<IReadOnlyList<TemplateOfMeta>> Templates(CloudAccount account, CancellationToken ct)
    {
        var templates = new List<TemplateOfMeta>();
        string? after = null;
        for (var page = 0; page < MostPages; page++)
        {
            var cursor = after is null ? "" : $"&after={Uri.EscapeDataString(after)}";
            var path = $"{account.WabaId}/message_templates?fields=name,language,category,status,components&limit=100{cursor}";
            var answer = await Call(HttpMethod.Get, path, account, null, ct);
            if (!answer.IsSuccess) throw Refused(answer);

            templates.AddRange(CloudEvents.Items(answer.At("data")).Select(Template).OfType<TemplateOfMeta>());
            after = answer.TextAt("paging", "cursors", "after");
            if (after is null || answer.TextAt("paging", "next") is null) break;
        }

        return templates;
    }

    private static TemplateOfMeta? Template(JsonElement row)
    {
        if (row.Field("name"u8).AsText() is not { } name || row.Field("language"u8).AsText() is not { } language) return null;

        var part = CloudEvents.Items(row.Field("components"u8))
            .FirstOrDefault(each => string.Equals(each.Field("type"u8).AsText(), "BODY", StringComparison.OrdinalIgnoreCase));
        var text = part.Field("text"u8).AsText() ?? "";
        return new(
            name, language, row.Field("category"u8).AsText() ?? "", row.Field("status"u8).AsText() ?? "", text, TemplateText.Parameters(text).Count);
    }

    /// <summary>Not trouble that passes: the token, the number or the permission is wrong.</summary>
    private static bool IsVerdict(int code) => code is 104 or 100 or 33 || MetaOutcome.Of(code, null) is SendOutcome.InstanceGone;

    private static string Digits(string? shown) => string.Concat((shown ?? "").Where(char.IsAsciiDigit));

    private async Task<GatewayAnswer> Call(HttpMethod method, string path, CloudAccount account, object? body, CancellationToken ct)
    {
        if (account.Secrets is not { } secrets) throw Conflict("The account's secrets cannot be read any more: give them again.");

        using var content = body is null ? null : new OnceContent(CloudClient.Json(body), () => true);
        try
        {
            return await client.Call(method, path, secrets.AccessToken, content, client.Options.ManageTimeout, MaxAnswerBytes, ct);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException
            && !ct.IsCancellationRequested)
        {
            throw Unavailable("Meta cannot be reached right now.");
        }
    }

    private static ProblemException Refused(GatewayAnswer answer) => CloudOutcome.CodeOf(answer) is { } code && IsVerdict(code)
        ? Conflict($"Meta refuses the account ({MetaOutcome.Name(code)}).")
        : Unavailable($"Meta answered {answer.Status}.");

    private static ProblemException Conflict(string detail) => new(new Problem(StatusCodes.Status409Conflict, "gateway-refused", detail));

    private static ProblemException Unavailable(string detail) =>
        new(new Problem(StatusCodes.Status503ServiceUnavailable, "gateway-unavailable", detail, RetryAfter: TimeSpan.FromSeconds(10)));
}
