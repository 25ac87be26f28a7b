using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>
/// The gateway's instances on disk, as the real one keeps them in its database: linked numbers survive a restart.
/// Messages and the ledger do not.
/// </summary>
internal sealed class InstanceFile(string path)
{
    private readonly Lock gate = new();

    public void Save(IEnumerable<Instance> instances)
    {
        lock (gate)
        {
            var text = JsonText.Of(json =>
            {
                json.WriteStartArray();
                foreach (var instance in instances.OrderBy(each => each.CreatedAt)) Write(json, instance);
                json.WriteEndArray();
            });
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllBytes($"{path}.new", text);
            // A process killed here leaves the old file whole.
            File.Move($"{path}.new", path, overwrite: true);
        }
    }

    /// <returns>The instances, and whether each was open.</returns>
    public IReadOnlyList<(Instance Instance, bool WasOpen)> Load()
    {
        if (!File.Exists(path)) return [];

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.EnumerateArray().Select(row => (Read(row), row.Flag("open") == true))];
    }

    private static void Write(Utf8JsonWriter json, Instance instance)
    {
        json.WriteStartObject();
        json.WriteString("name", instance.Name);
        json.WriteString("id", instance.Id);
        json.WriteBoolean("business", instance.Integration == Integration.Business);
        json.WriteString("token", instance.Token);
        json.WriteString("number", instance.Number);
        json.WriteString("businessId", instance.BusinessId);
        json.WriteString("ownJid", instance.OwnJid);
        json.WriteBoolean("open", instance.Connection != Connection.Close && instance.OwnJid is not null);
        json.WriteString("createdAt", instance.CreatedAt);
        json.WritePropertyName("settings");
        InstanceSettingsJson.Write(json, instance.Settings);
        if (instance.Webhook is { } webhook)
        {
            json.WriteStartObject("webhook");
            json.WriteBoolean("enabled", webhook.Enabled);
            json.WriteString("url", webhook.Url);
            json.WritePropertyName("headers");
            webhook.WriteHeaders(json);
            json.WriteBoolean("byEvents", webhook.ByEvents);
            json.WriteBoolean("base64", webhook.Base64);
            json.WritePropertyName("events");
            json.Array(webhook.Events);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static Instance Read(JsonElement row)
    {
        var createdAt = row.GetProperty("createdAt").GetDateTimeOffset();
        var integration = row.Flag("business") == true ? Integration.Business : Integration.Baileys;
        return new Instance(row.Text("name")!, integration, row.Text("token")!, row.Text("number"), createdAt)
        {
            Id = row.Text("id")!,
            BusinessId = row.Text("businessId"),
            OwnJid = row.Text("ownJid"),
            Settings = InstanceSettingsJson.Read(row.GetProperty("settings")),
            Webhook = row.Object("webhook") is { } webhook
                ? WebhookSettings.From(webhook, null, webhook.Flag("enabled") == true, createdAt)
                : null,
        };
    }
}
