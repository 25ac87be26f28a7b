using System.Globalization;
using System.Text.Json;

namespace MassMessaging.WhatsApp.Evolution;

/// <summary>
/// What a stored webhook says. Total: what is not understood is skipped, with the reason for the meter, and never spoils its neighbours.
/// The instance is the one of the address that the secret was right for, not what the body claims.
/// </summary>
internal static class EvolutionEvents
{
    public static WebhookContent Read(WebhookReceived webhook)
    {
        var body = GatewayAnswer.Of(200, webhook.Body);
        var name = body.TextAt("event")?.ToLowerInvariant().Replace('_', '.').Replace('-', '.');
        var data = body.At("data");
        return name switch
        {
            null => WebhookContent.Skipped("not-an-event"),
            "messages.update" => Statuses(webhook, data),
            "messages.upsert" => EvolutionIncoming.Read(webhook, data),
            "connection.update" => Seen(Connection(webhook, data), name),
            "status.instance" => Seen(Closed(webhook, ReasonOf(data.Field("disconnectionReasonCode"u8))), name),
            "logout.instance" => Seen(Closed(webhook, reason: null), name),
            "remove.instance" => Seen(Closed(webhook, "instance-missing"), name),
            "qrcode.updated" => Seen(QrCode(webhook, data), name),
            _ => WebhookContent.Skipped(name is "send.message" ? name : "other-event"),
        };
    }

    private static WebhookContent Statuses(WebhookReceived webhook, JsonElement data)
    {
        var updates = data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().ToList() : [data];
        var receipts = updates.Select(update => Receipt(webhook, update)).OfType<ReceiptArrived>().ToList();
        if (receipts.Count == updates.Count) return new(receipts, null, null, []);
        return new(receipts, null, updates.Exists(HasBadId) ? "bad-message-id" : "no-receipt", []);
    }

    private static ReceiptArrived? Receipt(WebhookReceived webhook, JsonElement update)
    {
        if (IdOf(update) is not { } id) return null;

        return KindOf(update, id) is { } kind
            ? new(webhook.Instance, id, kind, webhook.ReceivedAt, kind == ReceiptKind.Failed ? "gateway-error" : null)
            : null;
    }

    /// <summary>
    /// Of a status row, pushed or pulled; null for what the answer of the send said already (PENDING, SERVER_ACK, SENT). Baileys says
    /// DELIVERY_ACK and <c>fromMe:false</c> of what we read; a business instance says DELIVERED and <c>fromMe:false</c> always. READ is a
    /// word of both: there the id tells them apart.
    /// </summary>
    public static ReceiptKind? KindOf(JsonElement update, string id)
    {
        var isBusiness = id.StartsWith("wamid.", StringComparison.Ordinal);
        var isOurs = isBusiness || update.Field("fromMe"u8).ValueKind != JsonValueKind.False;
        return update.Field("status"u8).AsText() switch
        {
            "DELIVERED" => ReceiptKind.Delivered,
            "FAILED" => ReceiptKind.Failed,
            "DELIVERY_ACK" when isOurs => ReceiptKind.Delivered,
            "READ" or "PLAYED" when isOurs => ReceiptKind.Read,
            "ERROR" when isOurs => ReceiptKind.Failed,
            _ => null,
        };
    }

    private static string? IdOf(JsonElement update) =>
        update.Field("keyId"u8).AsText() is { } id && GatewayMessageId.IsValid(id) ? id : null;

    private static bool HasBadId(JsonElement update) =>
        update.Field("keyId"u8).ValueKind == JsonValueKind.String && IdOf(update) is null;

    private static InstanceStateSeen? Connection(WebhookReceived webhook, JsonElement data) => data.Field("state"u8).AsText() switch
    {
        "open" => new(webhook.Instance, InstanceState.Open, null, PhoneOf(data.Field("wuid"u8).AsText()), webhook.ReceivedAt),
        "connecting" => new(webhook.Instance, InstanceState.Connecting, null, null, webhook.ReceivedAt),
        "close" => Closed(webhook, ReasonOf(data.Field("statusReason"u8))),
        "refused" => Closed(webhook, "refused"),
        _ => null,
    };

    /// <summary>A QR code means nobody is linked, but its event may be late; without one the gateway has given up asking.</summary>
    private static InstanceStateSeen QrCode(WebhookReceived webhook, JsonElement data) =>
        data.Field("qrcode"u8).ValueKind != JsonValueKind.Undefined
            ? new(webhook.Instance, InstanceState.Connecting, "scan-the-qr-code", null, webhook.ReceivedAt, InstanceState.Close)
            : new(webhook.Instance, InstanceState.Close, "qr-code-not-scanned", null, webhook.ReceivedAt, InstanceState.Connecting);

    private static InstanceStateSeen Closed(WebhookReceived webhook, string? reason) =>
        new(webhook.Instance, InstanceState.Close, reason, null, webhook.ReceivedAt);

    private static WebhookContent Seen(InstanceStateSeen? seen, string name) =>
        seen is null ? WebhookContent.Skipped(name) : new([], seen, null, []);

    private static string? ReasonOf(JsonElement code)
    {
        if (code.ValueKind != JsonValueKind.Number || !code.TryGetInt32(out var number)) return null;

        return number switch
        {
            401 => "logged-out",
            402 or 403 => "forbidden",
            _ => string.Create(CultureInfo.InvariantCulture, $"closed-{number}"),
        };
    }

    /// <summary><c>5491155550000:16@s.whatsapp.net</c> is device 16 of +5491155550000; a privacy id (<c>@lid</c>) is no phone.</summary>
    public static string? PhoneOf(string? jid)
    {
        if (jid is null || !jid.EndsWith("@s.whatsapp.net", StringComparison.Ordinal)) return null;

        return IncomingText.Phone(jid.AsSpan(0, jid.IndexOfAny(['@', ':'])));
    }
}
