using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>The 201 body of a send, which is also the data of its send.message, verbatim.</summary>
internal static class SentMessage
{
    public static byte[] Json(Instance instance, LedgerEntry entry, string type, DateTimeOffset now) => JsonText.Of(
        (instance, entry, type, now),
        static (json, sent) =>
        {
            if (sent.instance.Integration == Integration.Business)
                WriteBusiness(json, sent.entry, sent.type, sent.now);
            else
                WriteBaileys(json, sent.entry, sent.type, sent.now);
        });

    private static void WriteBaileys(Utf8JsonWriter json, LedgerEntry entry, string type, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        json.WriteStartObject();
        WriteKey(json, entry);
        json.WriteString("pushName", "Você");
        json.WriteString("status", "PENDING");
        WriteMessage(json, entry, type);
        json.WriteStartObject("contextInfo");
        json.WriteStartArray("mentionedJid");
        json.WriteEndArray();
        json.WriteStartArray("groupMentions");
        json.WriteEndArray();
        json.WriteStartObject("ephemeralSettingTimestamp");
        json.WriteNumber("low", seconds - 172_800);
        json.WriteNumber("high", 0);
        json.WriteBoolean("unsigned", false);
        json.WriteEndObject();
        json.WriteStartObject("disappearingMode");
        json.WriteNumber("initiator", 0);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("messageType", type);
        json.WriteNumber("messageTimestamp", seconds);
        json.WriteString("instanceId", entry.InstanceId);
        json.WriteString("source", "web");
        json.WriteEndObject();
    }

    private static void WriteBusiness(Utf8JsonWriter json, LedgerEntry entry, string type, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteStartObject("key");
        json.WriteBoolean("fromMe", true);
        json.WriteString("id", entry.KeyId);
        json.WriteString("remoteJid", entry.Jid);
        json.WriteEndObject();
        WriteMessage(json, entry, type);
        json.WriteString("messageType", type);
        json.WriteNumber("messageTimestamp", now.ToUnixTimeSeconds());
        json.WriteString("instanceId", entry.InstanceId);
        json.WriteString("status", "PENDING");
        json.WriteString("source", "unknown");
        json.WriteEndObject();
    }

    public static void WriteKey(Utf8JsonWriter json, LedgerEntry entry)
    {
        json.WriteStartObject("key");
        json.WriteString("remoteJid", entry.Jid);
        json.WriteBoolean("fromMe", true);
        json.WriteString("id", entry.KeyId);
        json.WriteEndObject();
    }

    public static void WriteMessage(Utf8JsonWriter json, LedgerEntry entry, string type)
    {
        json.WriteStartObject("message");
        if (type == "conversation")
        {
            json.WriteString("conversation", entry.Text);
        }
        else
        {
            json.WriteStartObject(type);
            json.WriteString("caption", entry.Text);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
