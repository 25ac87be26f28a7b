using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>The rows that the gateway keeps of a message and of its statuses.</summary>
internal static class MessageRows
{
    public static Reply Page(List<LedgerEntry> found, int page, int size, Instance instance) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("messages");
        json.WriteNumber("total", found.Count);
        json.WriteNumber("pages", (found.Count + size - 1) / size);
        json.WriteNumber("currentPage", page);
        json.WriteStartArray("records");
        foreach (var entry in found.Skip((page - 1) * size).Take(size)) Write(json, entry, instance);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static void WriteStatuses(Utf8JsonWriter json, LedgerEntry entry, Instance instance, string? only)
    {
        foreach (var status in entry.Statuses.Select(each => Named(each, instance)).Where(each => only is null || each == only))
        {
            json.WriteStartObject();
            json.WriteString("id", $"{Receipts.RowId(entry)}-{status}");
            json.WriteString("keyId", entry.KeyId);
            json.WriteString("remoteJid", entry.Jid);
            json.WriteBoolean("fromMe", instance.Integration == Integration.Baileys);
            json.WriteNull("participant");
            json.WriteNull("pollUpdates");
            json.WriteString("status", status);
            json.WriteString("messageId", Receipts.RowId(entry));
            json.WriteString("instanceId", entry.InstanceId);
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, LedgerEntry entry, Instance instance)
    {
        json.WriteStartObject();
        json.WriteString("id", Receipts.RowId(entry));
        SentMessage.WriteKey(json, entry);
        json.WriteString("pushName", "Você");
        json.WriteString("messageType", "conversation");
        SentMessage.WriteMessage(json, entry, "conversation");
        json.WriteNumber("messageTimestamp", entry.ReceivedAt.ToUnixTimeSeconds());
        json.WriteString("instanceId", entry.InstanceId);
        json.WriteString("source", instance.Integration == Integration.Business ? "unknown" : "web");
        json.WriteNull("contextInfo");
        json.WriteStartArray("MessageUpdate");
        foreach (var status in entry.Statuses)
        {
            json.WriteStartObject();
            json.WriteString("status", Named(status, instance));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Named(string status, Instance instance) =>
        instance.Integration == Integration.Business ? Receipts.Business(status) : status;
}
