using System.Text.Json;

namespace MassMessaging.WhatsApp.Evolution;

/// <summary><c>messages.upsert</c>: what people write to the number. Groups, broadcasts and our own messages are skipped.</summary>
internal static class EvolutionIncoming
{
    public static WebhookContent Read(WebhookReceived webhook, JsonElement data)
    {
        var messages = data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().ToList() : [data];
        var texts = messages.Select(message => One(webhook, message)).OfType<IncomingText>().ToList();
        return new([], null, texts.Count == messages.Count ? null : "messages.upsert", texts);
    }

    private static IncomingText? One(WebhookReceived webhook, JsonElement data)
    {
        var key = data.Field("key"u8);
        var isTheirs = key.Field("fromMe"u8).ValueKind == JsonValueKind.False;
        if (!isTheirs || key.Field("id"u8).AsText() is not { } id || !GatewayMessageId.IsValid(id)) return null;

        var (jid, other) = (key.Field("remoteJid"u8).AsText(), key.Field("remoteJidAlt"u8).AsText());
        if (!IsPerson(jid)) return null;

        var message = data.Field("message"u8);
        var alias = IsPrivacyId(jid) ? jid : IsPrivacyId(other) ? other : null;
        return new(
            webhook.Instance, id, EvolutionEvents.PhoneOf(jid) ?? EvolutionEvents.PhoneOf(other), IncomingText.Clean(Words(message)),
            Quoted(data, message), IncomingText.Instant(Seconds(data.Field("messageTimestamp"u8)), webhook.ReceivedAt),
            alias is { Length: <= 64 } ? IncomingText.Clean(alias) : null);
    }

    private static bool IsPerson(string? jid) => IsPrivacyId(jid) || jid?.EndsWith("@s.whatsapp.net", StringComparison.Ordinal) == true;

    private static bool IsPrivacyId(string? jid) => jid?.EndsWith("@lid", StringComparison.Ordinal) == true;

    private static string? Words(JsonElement message)
    {
        if (message.Field("conversation"u8).AsText() is { } conversation) return conversation;
        if (message.Field("reactionMessage"u8).Field("text"u8).AsText() is { } reaction) return reaction;
        if (message.ValueKind != JsonValueKind.Object) return null;

        // extendedTextMessage.text, imageMessage.caption, buttonsResponseMessage.selectedDisplayText, listResponseMessage.title …
        return message.EnumerateObject()
            .Select(part => part.Value.Field("text"u8).AsText() ?? part.Value.Field("caption"u8).AsText()
                ?? part.Value.Field("selectedDisplayText"u8).AsText() ?? part.Value.Field("title"u8).AsText())
            .FirstOrDefault(words => words is not null);
    }

    private static string? Quoted(JsonElement data, JsonElement message)
    {
        var id = data.Field("contextInfo"u8).Field("stanzaId"u8).AsText()
            ?? message.Field("contextInfo"u8).Field("stanzaId"u8).AsText()
            ?? message.Field("reactionMessage"u8).Field("key"u8).Field("id"u8).AsText();
        return id is not null && GatewayMessageId.IsValid(id) ? id : null;
    }

    private static long? Seconds(JsonElement timestamp) =>
        timestamp.ValueKind == JsonValueKind.Number && timestamp.TryGetInt64(out var seconds) ? seconds : null;
}
