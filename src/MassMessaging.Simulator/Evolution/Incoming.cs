using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <param name="From">A number or a jid.</param>
/// <param name="Quoted">Our message that the person answers to.</param>
/// <param name="FromMe">Typed on the advisor's own phone: a person has taken the chat over.</param>
/// <param name="AsLid">The chat is known by its privacy id; the phone is in `remoteJidAlt`.</param>
internal sealed record IncomingMessage(
    string From, string Text, LedgerEntry? Quoted = null, bool FromMe = false, bool AsLid = false, string? PushName = null);

internal static class Incoming
{
    /// <returns>The message's key id.</returns>
    public static string Receive(Gateway gateway, Instance instance, IncomingMessage message)
    {
        var id = instance.Integration == Integration.Business
            ? MessageIds.Wamid()
            : $"3A{Convert.ToHexString(RandomNumberGenerator.GetBytes(9))}";
        var now = gateway.Now.ToUnixTimeSeconds();
        gateway.Webhooks.Post(instance, WebhookEvent.MessagesUpsert, json => Write(json, instance, message, id, now));
        return id;
    }

    private static void Write(Utf8JsonWriter json, Instance instance, IncomingMessage message, string id, long now)
    {
        var business = instance.Integration == Integration.Business;
        var jid = Jid.Of(message.From);
        json.WriteStartObject();
        json.WriteStartObject("key");
        json.WriteString("remoteJid", message.AsLid ? Jid.Lid(jid) : jid);
        if (message.AsLid)
        {
            json.WriteString("remoteJidAlt", jid);
            json.WriteString("addressingMode", "lid");
        }

        json.WriteString("id", id);
        json.WriteBoolean("fromMe", message.FromMe);
        json.WriteEndObject();
        json.WriteString("pushName", message.PushName ?? (message.FromMe ? "Asesor Uno" : "Ana"));
        if (!business) json.WriteString("status", message.FromMe ? "SERVER_ACK" : "DELIVERY_ACK");
        json.WriteStartObject("message");
        json.WriteString("conversation", message.Text);
        if (business && message.Quoted is not null) WriteContext(json, instance, message.Quoted);
        json.WriteEndObject();
        if (message.Quoted is not null) WriteContext(json, instance, message.Quoted);
        json.WriteString("messageType", "conversation");
        json.WriteNumber("messageTimestamp", now);
        json.WriteString("instanceId", instance.Id);
        json.WriteString("source", business ? "unknown" : "ios");
        json.WriteEndObject();
    }

    private static void WriteContext(Utf8JsonWriter json, Instance instance, LedgerEntry quoted)
    {
        json.WriteStartObject("contextInfo");
        json.WriteString("stanzaId", quoted.KeyId);
        if (instance.Integration == Integration.Baileys)
        {
            json.WriteString("participant", instance.OwnJid);
            json.WriteStartObject("quotedMessage");
            json.WriteString("conversation", quoted.Text);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}

internal static class MessageIds
{
    /// <summary>22 characters. Not from the seed: ids of two runs must never meet.</summary>
    public static string Baileys() => string.Create(22, 0, static (id, _) =>
    {
        Span<byte> bytes = stackalloc byte[9];
        Random.Shared.NextBytes(bytes);
        "3EB0".CopyTo(id);
        Convert.TryToHexString(bytes, id[4..], out var _);
    });

    public static string Wamid()
    {
        Span<byte> bytes = stackalloc byte[42];
        Random.Shared.NextBytes(bytes);
        return string.Create(CultureInfo.InvariantCulture, $"wamid.{Convert.ToBase64String(bytes)}");
    }
}
