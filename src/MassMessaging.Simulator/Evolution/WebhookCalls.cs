using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>`/webhook/set` and `/webhook/find`. The url is not checked: a wrong one simply never delivers.</summary>
internal static class WebhookCalls
{
    public static Reply Set(Gateway gateway, Instance instance, JsonElement body)
    {
        var schema = new Schema(body)
            .Object("webhook", webhook => WebhookSettings.Check(webhook).Required("enabled", "url"))
            .Required("webhook");
        if (schema.Complaints.Count > 0) return Reply.Invalid(schema.Complaints);

        var given = body.GetProperty("webhook");
        var enabled = given.GetProperty("enabled").GetBoolean();
        if (enabled && !given.TryGetProperty("events", out _)) return Reply.Crash("Cannot read properties of undefined (reading 'length')");

        var settings = WebhookSettings.From(given, instance.Webhook, enabled, gateway.Now);
        instance.Webhook = settings;
        gateway.Remember();
        return Reply.Json(201, json => settings.Write(json, instance.Id));
    }

    public static Reply Find(Instance instance) => Reply.Json(200, json =>
    {
        if (instance.Webhook is { } settings) settings.Write(json, instance.Id);
        else json.WriteNullValue();
    });
}
