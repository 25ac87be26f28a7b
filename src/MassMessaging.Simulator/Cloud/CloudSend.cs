using System.Globalization;
using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary><c>POST /{version}/{phone-number-id}/messages</c>.</summary>
internal static class CloudSend
{
    private const int MaxReference = 512;

    /// <returns>null: the connection is to be reset.</returns>
    public static async Task<Reply?> Handle(CloudPlatform cloud, CloudNumber number, JsonElement body, ReceivedSend received)
    {
        if (body.Text("messaging_product") != "whatsapp") return GraphError.Missing("messaging_product");
        if (body.Text("status") == "read")
            return body.Text("message_id") is null ? GraphError.Missing("message_id") : CloudSubscription.Success();
        if (CloudMessage.Read(body, out var message) is { } wrong) return wrong;

        var (gateway, waId) = (cloud.Gateway, CloudPlatform.WaId(message.To));
        received.Number = message.To;
        var dice = Dice.For(gateway.Options.Seed, number.Id, message.To, message.Text ?? message.TemplateName ?? message.Type);
        var faults = gateway.Faults.For(number.Id, message.To, ref dice);
        if (faults.Answer(CloudFaults.IsBefore) is { } refused) return await CloudFaults.Give(gateway, refused);
        if (number.Account.IsRestricted) return GraphError.Reply(131031);
        if (!number.Throughput.Take()) return GraphError.Reply(130429);
        if (waId == number.Phone) return GraphError.Reply(131021);
        if (!number.Pair(waId).Take()) return GraphError.Reply(131056);

        var rendered = message.Text ?? "";
        if (message.Type == "template")
        {
            if (CloudTemplateUse.Render(number.Account, message, out rendered) is { } misused) return misused;
        }
        else if (!number.IsWindowOpen(waId))
        {
            return GraphError.Reply(131047);
        }

        if (body.Text("biz_opaque_callback_data") is { Length: > MaxReference })
            return GraphError.Reply(100, $"biz_opaque_callback_data must be at most {MaxReference} characters");

        received.Taken = true;
        var entry = gateway.Ledger.Take(new LedgerEntry(
            0, number.Id, number.Account.Id, message.To, waId, rendered, MessageIds.Wamid(), received.ReceivedMicros, gateway.Ledger.Micros,
            received.ReceivedAt, faults.Names, Stored: true)
        {
            Template = message.TemplateName,
        });
        CloudReceipts.Plan(cloud, number, entry, body.Text("biz_opaque_callback_data"), faults, ref dice);
        if (faults.Find(FaultKind.AnswerDelay) is { } slow) await gateway.Hold(FaultAnswers.Delay(slow, dice.Next()));
        if (faults.Answer(CloudFaults.IsAfter) is { } after) return await CloudFaults.Give(gateway, after);

        return Accepted(entry, body.Text("to")!, faults.Has(FaultKind.HeldForQuality)) with { Entry = entry };
    }

    private static Reply Accepted(LedgerEntry entry, string input, bool held) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("messaging_product", "whatsapp");
        json.WriteStartArray("contacts");
        json.WriteStartObject();
        json.WriteString("input", input);
        json.WriteString("wa_id", entry.Jid);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("messages");
        json.WriteStartObject();
        json.WriteString("id", entry.KeyId);
        if (entry.Template is not null) json.WriteString("message_status", held ? "held_for_quality_assessment" : "accepted");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });
}

/// <summary>The body of a send, as far as its own shape goes.</summary>
internal sealed record CloudMessage(string To, string Type, string? Text, string? TemplateName, string? Language, JsonElement Components)
{
    private const int LongestText = 4096;

    private static readonly string[] Types =
        ["audio", "contacts", "document", "image", "interactive", "location", "reaction", "sticker", "template", "text", "video"];

    /// <returns>What is wrong; null when nothing is.</returns>
    public static Reply? Read(JsonElement body, out CloudMessage message)
    {
        message = new("", "", null, null, null, default);
        if (body.Text("to") is not { Length: > 0 } to) return GraphError.Missing("to");
        if (body.Text("recipient_type") is { } recipient && recipient != "individual") return Invalid("recipient_type");

        var digits = Jid.Digits(to);
        if (digits.Length is < 7 or > 15) return GraphError.Reply(131009, "Recipient is not a valid phone number");

        var type = body.Text("type") ?? "text";
        if (!Types.Contains(type, StringComparer.Ordinal))
        {
            return GraphError.Reply(
                100, message: $"(#100) Param type must be one of {{{string.Join(", ", Types).ToUpperInvariant()}}} - got \"{type}\".");
        }

        if (body.Object(type) is not { } content) return GraphError.Reply(131008, $"The parameter {type} is required for type '{type}'.");

        message = new(digits, type, null, null, null, default);
        return type switch
        {
            "text" => ReadText(content, ref message),
            "template" => ReadTemplate(content, ref message),
            _ => null,
        };
    }

    private static Reply? ReadText(JsonElement content, ref CloudMessage message)
    {
        if (content.Text("body") is not { Length: > 0 } text) return GraphError.Reply(131008, "The parameter text['body'] is required.");
        if (text.EnumerateRunes().Count() > LongestText)
            return GraphError.Reply(100, message: "(#100) Param text['body'] must be at most 4096 characters long.");

        message = message with { Text = text };
        return null;
    }

    private static Reply? ReadTemplate(JsonElement content, ref CloudMessage message)
    {
        if (content.Text("name") is not { Length: > 0 } name) return GraphError.Reply(131008, "The parameter template['name'] is required.");
        if (content.Object("language")?.Text("code") is not { Length: > 0 } language)
            return GraphError.Reply(131008, "The parameter template['language']['code'] is required.");

        content.TryGetProperty("components", out var components);
        message = message with { TemplateName = name, Language = language, Components = components };
        return null;
    }

    private static Reply Invalid(string parameter) =>
        GraphError.Reply(131009, string.Create(CultureInfo.InvariantCulture, $"{parameter} is not valid"));
}
