using System.Globalization;
using System.Text.Json;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>
/// What a stored notification of Meta says about the number whose app signed it: entries × changes × statuses and messages, and what is
/// told of its account. Total: what
/// is not understood, or about another number, is skipped with a reason and never spoils its neighbours.
/// </summary>
internal static class CloudEvents
{
    public static WebhookContent Read(WebhookReceived webhook)
    {
        var body = GatewayAnswer.Of(200, webhook.Body);
        if (body.At("entry").ValueKind != JsonValueKind.Array) return WebhookContent.Skipped("not-an-event");

        var number = CloudInstance.PhoneNumberId(webhook.Instance);
        var (receipts, incoming, skipped) = (new List<ReceiptArrived>(), new List<IncomingText>(), (string?)null);
        var (news, preferences) = (new List<AccountNews>(), new List<PreferenceTold>());
        foreach (var entry in Items(body.At("entry")))
            foreach (var change in Items(entry.Field("changes"u8)))
            {
                var (field, value) = (change.Field("field"u8).AsText(), change.Field("value"u8));
                if (value.Field("metadata"u8).Field("phone_number_id"u8).AsText() is { } named ? named != number : field == "messages")
                    skipped = "other-number";
                else if (field == "messages")
                    skipped = ReadValue(webhook, value, receipts, incoming) ?? skipped;
                else if (field == "user_preferences")
                    preferences.AddRange(CloudNews.Preferences(webhook, entry, value));
                else if (field is not null && CloudNews.Read(webhook, entry, field, value) is { } told)
                    news.Add(told);
                else
                    skipped = "other-field";
            }

        return new(receipts, null, skipped, incoming) { News = news, Preferences = preferences };
    }

    private static string? ReadValue(WebhookReceived webhook, JsonElement value, List<ReceiptArrived> receipts, List<IncomingText> incoming)
    {
        string? skipped = null;
        foreach (var status in Items(value.Field("statuses"u8)))
        {
            if (Receipt(webhook, status) is { } receipt) receipts.Add(receipt);
            else skipped = "no-receipt";
        }

        foreach (var message in Items(value.Field("messages"u8)))
        {
            if (CloudIncoming.Read(webhook, message) is { } text) incoming.Add(text);
            else skipped = "no-message";
        }

        return skipped;
    }

    private static ReceiptArrived? Receipt(WebhookReceived webhook, JsonElement status)
    {
        if (status.Field("id"u8).AsText() is not { } id || !GatewayMessageId.IsValid(id)) return null;

        ReceiptKind? meaning = status.Field("status"u8).AsText() switch
        {
            "sent" => ReceiptKind.Sent,
            "delivered" => ReceiptKind.Delivered,
            "read" or "played" => ReceiptKind.Read,
            "failed" => ReceiptKind.Failed,
            _ => null,
        };
        return meaning is { } kind
            ? new(
                webhook.Instance, id, kind, IncomingText.Instant(Seconds(status.Field("timestamp"u8)), webhook.ReceivedAt),
                kind == ReceiptKind.Failed ? CodeOf(status) : null, Reference(status.Field("biz_opaque_callback_data"u8).AsText()))
            : null;
    }

    private static string CodeOf(JsonElement status)
    {
        var code = Items(status.Field("errors"u8)).Select(error => error.Field("code"u8)).FirstOrDefault();
        return code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? MetaOutcome.Name(number) : "gateway-error";
    }

    private static string? Reference(string? text) => text is { Length: > 0 and <= 512 } && !text.Any(char.IsControl) ? text : null;

    public static IEnumerable<JsonElement> Items(JsonElement array) => array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : [];

    /// <summary>A text of digits; some fields have been numbers.</summary>
    public static long? Seconds(JsonElement timestamp)
    {
        if (timestamp.ValueKind == JsonValueKind.Number) return timestamp.TryGetInt64(out var whole) ? whole : null;
        return long.TryParse(timestamp.AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
    }
}
