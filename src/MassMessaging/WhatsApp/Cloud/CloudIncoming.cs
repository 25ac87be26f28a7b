using System.Text.Json;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>One of <c>messages[]</c>: what somebody wrote, pressed or sent.</summary>
internal static class CloudIncoming
{
    /// <summary>Null for what no person wrote (<c>system</c>), and for what cannot be told apart from its repeats.</summary>
    public static IncomingText? Read(WebhookReceived webhook, JsonElement message)
    {
        var type = message.Field("type"u8).AsText();
        if (type is null or "system" || message.Field("id"u8).AsText() is not { } id || !GatewayMessageId.IsValid(id)) return null;

        // Who hides the phone has no from: then only the message that is answered tells who it is.
        var quoted = message.Field("context"u8).Field("id"u8).AsText() ?? message.Field("reaction"u8).Field("message_id"u8).AsText();
        var alias = message.Field("from_user_id"u8).AsText();
        return new(
            webhook.Instance, id, IncomingText.Phone(message.Field("from"u8).AsText()), IncomingText.Clean(Words(type, message)),
            quoted is not null && GatewayMessageId.IsValid(quoted) ? quoted : null,
            IncomingText.Instant(CloudEvents.Seconds(message.Field("timestamp"u8)), webhook.ReceivedAt),
            alias is { Length: > 0 and <= 192 } && !alias.Any(char.IsControl) ? alias : null);
    }

    private static string? Words(string type, JsonElement message) => type switch
    {
        "text" => message.Field("text"u8).Field("body"u8).AsText(),
        "button" => message.Field("button"u8).Field("text"u8).AsText() ?? message.Field("button"u8).Field("payload"u8).AsText(),
        "interactive" => Interactive(message.Field("interactive"u8)),
        "reaction" => message.Field("reaction"u8).Field("emoji"u8).AsText(),
        "image" => message.Field("image"u8).Field("caption"u8).AsText(),
        "video" => message.Field("video"u8).Field("caption"u8).AsText(),
        "document" => message.Field("document"u8).Field("caption"u8).AsText(),
        _ => null,
    };

    private static string? Interactive(JsonElement interactive) =>
        interactive.Field("button_reply"u8).Field("title"u8).AsText() ?? interactive.Field("list_reply"u8).Field("title"u8).AsText();
}
