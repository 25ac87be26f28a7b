using System.Globalization;
using System.Text;
using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Control;

internal static class LedgerRoutes
{
    public static Reply List(IReadOnlyList<LedgerEntry> entries) => Reply.Json(200, json =>
    {
        json.WriteStartArray();
        foreach (var entry in entries) Write(json, entry);
        json.WriteEndArray();
    });

    public static Reply Csv(IReadOnlyList<LedgerEntry> entries)
    {
        var csv = new StringBuilder("sequence,instance,number,keyId,receivedMicros,takenMicros,receivedAt,fault,answered,statuses,text\n");
        foreach (var entry in entries)
        {
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{entry.Sequence},{Cell(entry.Instance)},{entry.Number},{entry.KeyId},{entry.ReceivedMicros},{entry.TakenMicros},");
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{JsonText.Iso(entry.ReceivedAt)},{entry.Fault},{(entry.Answered ? "true" : "false")},");
            csv.Append(CultureInfo.InvariantCulture, $"{string.Join(' ', entry.Statuses)},{Cell(entry.Text)}\n");
        }

        return new Reply(200, Encoding.UTF8.GetBytes(csv.ToString()), "text/csv; charset=utf-8");
    }

    public static Reply Summary(IReadOnlyList<LedgerEntry> entries, IReadOnlyList<ReceivedSend> received)
    {
        return Reply.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("accepted", entries.Count);
            json.WriteNumber("answered", entries.Count(entry => entry.Answered));
            json.WriteNumber("distinctNumbers", entries.Select(entry => entry.Number).Distinct(StringComparer.Ordinal).Count());
            json.WriteNumber("received", received.Count);
            json.WriteStartArray("duplicates");
            foreach (var duplicate in LedgerChecker.Duplicates(entries))
            {
                json.WriteStartObject();
                json.WriteString("number", duplicate.Number);
                json.WriteString("text", duplicate.Text);
                json.WriteNumber("count", duplicate.Count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteCounts(json, "statuses", entries.SelectMany(entry => entry.Statuses.Distinct(StringComparer.Ordinal)));
            WriteCounts(json, "faults", entries.Where(entry => entry.Fault is not null).Select(entry => entry.Fault!));
            json.WriteEndObject();
        });
    }

    public static Reply Pace(IReadOnlyList<LedgerEntry> entries, long windowMs)
    {
        var window = TimeSpan.FromMilliseconds(windowMs);
        return Reply.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("windowMs", windowMs);
            json.WriteNumber("mostInWindow", LedgerChecker.MostInWindow(entries, window));
            json.WriteEndObject();
        });
    }

    public static Reply Received(IReadOnlyList<ReceivedSend> received) => Reply.Json(200, json =>
    {
        json.WriteStartArray();
        foreach (var send in received)
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", send.Sequence);
            json.WriteString("instance", send.Instance);
            json.WriteString("number", send.Number);
            json.WriteNumber("receivedMicros", send.ReceivedMicros);
            json.WriteString("receivedAt", JsonText.Iso(send.ReceivedAt));
            json.WriteNumber("status", send.Status);
            json.WriteBoolean("taken", send.Taken);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static Reply Clear(Ledger ledger)
    {
        ledger.Clear();
        return ControlRoutes.Done("The ledger is empty.");
    }

    private static void Write(Utf8JsonWriter json, LedgerEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("instance", entry.Instance);
        json.WriteString("number", entry.Number);
        json.WriteString("jid", entry.Jid);
        json.WriteString("text", entry.Text);
        if (entry.Template is { } template) json.WriteString("template", template);
        json.WriteString("keyId", entry.KeyId);
        json.WriteNumber("receivedMicros", entry.ReceivedMicros);
        json.WriteNumber("takenMicros", entry.TakenMicros);
        json.WriteString("receivedAt", JsonText.Iso(entry.ReceivedAt));
        json.WriteString("fault", entry.Fault);
        json.WriteBoolean("answered", entry.Answered);
        json.WritePropertyName("statuses");
        json.Array(entry.Statuses);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartObject(name);
        foreach (var (value, count) in values.CountBy(each => each)) json.WriteNumber(value, count);
        json.WriteEndObject();
    }

    private static string Cell(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
