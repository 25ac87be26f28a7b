using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

internal static class CreateInstance
{
    public static async Task<Reply?> Handle(Gateway gateway, JsonElement body)
    {
        var schema = Check(body);
        if (schema.Complaints.Count > 0) return Reply.Invalid(schema.Complaints);

        if (Read(gateway, body, out var refusal) is not { } instance) return refusal;

        if (!gateway.Instances.TryAdd(instance.Name, instance)) return Reply.NameInUse(instance.Name);

        gateway.Remember();
        gateway.Webhooks.Post(instance, WebhookEvent.InstanceCreate, json => WriteId(json, instance));
        var wantsCode = body.Flag("qrcode") == true && instance.Integration == Integration.Baileys;
        if (wantsCode)
        {
            Linking.Begin(gateway, instance);
            await gateway.Hold(gateway.Options.QrDelay);
        }

        return Reply.Json(201, json => Write(json, gateway, instance, wantsCode));
    }

    /// <summary>`instance.create` and `instance.delete` carry this.</summary>
    public static void WriteId(Utf8JsonWriter json, Instance instance)
    {
        json.WriteStartObject();
        json.WriteString("instanceName", instance.Name);
        json.WriteString("instanceId", instance.Id);
        json.WriteEndObject();
    }

    private static Schema Check(JsonElement body)
    {
        var schema = new Schema(body).String("instanceName").String("token").String("number").Boolean("qrcode")
            .Boolean("rejectCall").String("msgCall").Boolean("groupsIgnore").Boolean("alwaysOnline")
            .Boolean("readMessages").Boolean("readStatus").Boolean("syncFullHistory")
            .String("proxyHost").String("proxyPort").String("proxyProtocol").String("proxyUsername").String("proxyPassword");
        if (body.Text("number") is { } number && !(number.Length > 1 && char.IsAsciiDigit(number[0])))
            schema.Complain("number does not match pattern \"^\\\\d+[\\\\.@\\\\w-]+\"");
        return schema.Required("instanceName");
    }

    /// <summary>What goes wrong here removes the instance again in the real gateway; here it never comes to be.</summary>
    private static Instance? Read(Gateway gateway, JsonElement body, out Reply? refusal)
    {
        Integration? integration = body.Text("integration") switch
        {
            "WHATSAPP-BAILEYS" => Integration.Baileys,
            "WHATSAPP-BUSINESS" => Integration.Business,
            _ => null,
        };
        var (token, number, webhook) = (body.Text("token"), body.Text("number"), body.Object("webhook"));
        refusal = integration switch
        {
            null => Reply.BadRequest("Invalid integration"),
            Integration.Business when string.IsNullOrEmpty(token) => Reply.BadRequest("token is required"),
            Integration.Business when string.IsNullOrEmpty(number) => Reply.BadRequest("number is required"),
            _ => webhook is { } given ? CheckWebhook(given) : null,
        };
        if (refusal is not null) return null;

        var name = body.Text("instanceName")!;
        token = string.IsNullOrEmpty(token) ? Guid.NewGuid().ToString().ToUpperInvariant() : token;
        return new Instance(name, integration!.Value, token, number, gateway.Now)
        {
            BusinessId = body.Text("businessId"),
            Settings = InstanceSettingsJson.Read(body),
            Webhook = webhook is { } settings ? WebhookSettings.From(settings, null, enabled: true, gateway.Now) : null,
        };
    }

    private static Reply? CheckWebhook(JsonElement webhook)
    {
        if (!webhook.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Array)
            return Reply.BadRequest("Cannot read properties of undefined (reading 'length')");

        var complaints = WebhookSettings.Check(new Schema(webhook, "webhook")).Complaints;
        return complaints.Count > 0 ? Reply.Invalid(complaints) : null;
    }

    private static void Write(Utf8JsonWriter json, Gateway gateway, Instance instance, bool withCode)
    {
        var business = instance.Integration == Integration.Business;
        json.WriteStartObject();
        json.WriteStartObject("instance");
        json.WriteString("instanceName", instance.Name);
        json.WriteString("instanceId", instance.Id);
        json.WriteString("integration", instance.IntegrationName);
        json.WriteString("webhookWaBusiness", business ? $"{gateway.Webhooks.ServerUrl}/webhook/meta" : null);
        json.WriteString("accessTokenWaBusiness", business ? "evolution" : "");
        json.WriteString("status", instance.State);
        json.WriteEndObject();
        json.WriteString("hash", instance.Token);
        json.WriteStartObject("webhook");
        if (instance.Webhook is { } webhook)
        {
            json.WriteString("webhookUrl", webhook.Url);
            json.WritePropertyName("webhookHeaders");
            webhook.WriteHeaders(json);
            json.WriteBoolean("webhookByEvents", webhook.ByEvents);
            json.WriteBoolean("webhookBase64", webhook.Base64);
        }

        json.WriteEndObject();
        foreach (var other in (ReadOnlySpan<string>)["websocket", "rabbitmq", "nats", "sqs"])
        {
            json.WriteStartObject(other);
            json.WriteEndObject();
        }

        json.WritePropertyName("settings");
        InstanceSettingsJson.Write(json, instance.Settings);
        if (withCode)
        {
            json.WritePropertyName("qrcode");
            Linking.WriteQrCode(json, instance);
        }

        json.WriteEndObject();
    }
}
