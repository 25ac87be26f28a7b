using System.Globalization;
using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>`/chat/*`: the number check, and what a sender pulls to settle what it does not know.</summary>
internal static class ChatCalls
{
    public static Reply CheckNumbers(Gateway gateway, Instance instance, JsonElement body)
    {
        if (instance.Integration == Integration.Business) return Reply.BadRequest("Method not available on WhatsApp Business API");

        var schema = new Schema(body).Texts("numbers", notEmpty: true, said: "\"numbers\" must be an array of numeric strings");
        if (schema.Complaints.Count > 0) return RawInvalid(schema.Complaints);

        if (!body.TryGetProperty("numbers", out var given)) return Reply.Crash("Cannot read properties of undefined (reading 'forEach')");

        List<string> numbers = [.. given.EnumerateArray().Select(each => each.GetString()!)];
        if (numbers.Distinct(StringComparer.Ordinal).Count() != numbers.Count) return RawInvalid(["numbers contains duplicate item"]);

        var allKnown = numbers.TrueForAll(number => gateway.KnownNumbers.ContainsKey(Jid.Digits(number)));
        return instance.Connection != Connection.Open && !allKnown ? RawClosed(instance) : Checked(gateway, instance, numbers);
    }

    /// <summary>`{"where":{"key":{…},"messageTimestamp":{"gte","lte"}}}`: our own sends; the page size is called `offset`.</summary>
    public static Reply FindMessages(Gateway gateway, Instance instance, JsonElement body)
    {
        var where = body.Object("where") ?? default;
        var key = where.Object("key") ?? default;
        var between = where.Object("messageTimestamp") ?? default;
        var (id, jid, fromMe) = (key.Text("id"), key.Text("remoteJid"), key.Flag("fromMe"));
        var (from, to) = (Seconds(between.Text("gte")), Seconds(between.Text("lte")));
        List<LedgerEntry> found = fromMe == false ? [] :
        [
            .. gateway.Ledger.Read().Where(entry => entry.InstanceId == instance.Id && entry.Stored)
                .Where(entry => (id is null || entry.KeyId == id) && (jid is null || entry.Jid == jid))
                .Where(entry => from is null || to is null || (entry.ReceivedAt.ToUnixTimeSeconds() is var at && at >= from && at <= to))
                .OrderByDescending(entry => entry.Sequence),
        ];
        return MessageRows.Page(found, Math.Max(1, body.Whole("page") ?? 1), Math.Max(1, body.Whole("offset") ?? 50), instance);
    }

    /// <summary>`{"where":{"id":keyId,"remoteJid":…}}`: without times, and only what did not fall into the row race.</summary>
    public static Reply FindStatuses(Gateway gateway, Instance instance, JsonElement body)
    {
        var where = body.Object("where") ?? default;
        var (id, jid, status) = (where.Text("id"), where.Text("remoteJid"), where.Text("status"));
        var found = gateway.Ledger.Read()
            .Where(entry => entry.InstanceId == instance.Id && (id is null || entry.KeyId == id) && (jid is null || entry.Jid == jid));
        return Reply.Json(200, json =>
        {
            json.WriteStartArray();
            foreach (var entry in found) MessageRows.WriteStatuses(json, entry, instance, status);
            json.WriteEndArray();
        });
    }

    private static long? Seconds(string? iso) =>
        DateTimeOffset.TryParse(iso, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUnixTimeSeconds()
            : null;

    private static Reply Checked(Gateway gateway, Instance instance, List<string> numbers) => Reply.Json(200, json =>
    {
        json.WriteStartArray();
        foreach (var number in numbers)
        {
            var digits = Jid.Digits(number);
            var dice = Dice.For(gateway.Options.Seed, instance.Name, digits, "");
            var answer = WhatsAppNumber.Asked(number, gateway.Faults.For(instance.Name, digits, ref dice).Has(FaultKind.NotOnWhatsapp));
            if (answer.Exists) gateway.KnownNumbers.TryAdd(digits, answer);
            answer.Write(json);
        }

        json.WriteEndArray();
    });

    /// <summary>This route alone answers its complaints without the envelope.</summary>
    private static Reply RawInvalid(IReadOnlyList<string> complaints) => Reply.Json(400, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("status", 400);
        json.WriteString("error", "Bad Request");
        json.WriteStartArray("message");
        json.Array(complaints);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>An exception as an object: a TypeError has nothing to show, a Boom everything.</summary>
    private static Reply RawClosed(Instance instance) => Reply.Json(400, json => json.WriteRawValue(instance.HasSocket
        ? """
          {"data":null,"isBoom":true,"isServer":false,"output":{"statusCode":428,
          "payload":{"statusCode":428,"error":"Precondition Required","message":"Connection Closed"},"headers":{}}}
          """
        : "{}"));
}
