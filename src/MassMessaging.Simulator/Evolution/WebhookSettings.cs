using System.Collections.Immutable;
using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

public sealed record WebhookSettings(
    string Id,
    bool Enabled,
    string Url,
    ImmutableSortedDictionary<string, string> Headers,
    bool ByEvents,
    bool Base64,
    ImmutableArray<string> Events,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>The 31 events of 2.3.6, in its order.</summary>
    public static IReadOnlyList<string> AllEvents { get; } =
    [
        "APPLICATION_STARTUP", "QRCODE_UPDATED", "MESSAGES_SET", "MESSAGES_UPSERT", "MESSAGES_EDITED", "MESSAGES_UPDATE", "MESSAGES_DELETE",
        "SEND_MESSAGE", "SEND_MESSAGE_UPDATE", "CONTACTS_SET", "CONTACTS_UPSERT", "CONTACTS_UPDATE", "PRESENCE_UPDATE", "CHATS_SET",
        "CHATS_UPSERT", "CHATS_UPDATE", "CHATS_DELETE", "GROUPS_UPSERT", "GROUP_UPDATE", "GROUP_PARTICIPANTS_UPDATE", "CONNECTION_UPDATE",
        "LABELS_EDIT", "LABELS_ASSOCIATION", "CALL", "TYPEBOT_START", "TYPEBOT_CHANGE_STATUS", "REMOVE_INSTANCE", "LOGOUT_INSTANCE",
        "INSTANCE_CREATE", "INSTANCE_DELETE", "STATUS_INSTANCE",
    ];

    /// <summary>All events to one url.</summary>
    public static WebhookSettings For(string url, IReadOnlyDictionary<string, string>? headers, DateTimeOffset now) => new(
        NewId(),
        Enabled: true,
        url,
        headers?.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? ImmutableSortedDictionary<string, string>.Empty,
        ByEvents: false,
        Base64: false,
        [.. AllEvents],
        now,
        now);

    public static Schema Check(Schema schema) => schema
        .Boolean("enabled").String("url").Object("headers").Boolean("byEvents").Boolean("base64").Texts("events", AllEvents);

    /// <summary>Fields left out keep their old value; no events at all means all of them, and a disabled webhook has none.</summary>
    public static WebhookSettings From(JsonElement body, WebhookSettings? known, bool enabled, DateTimeOffset now) => new(
        known?.Id ?? NewId(),
        enabled,
        body.Text("url") ?? known?.Url ?? "",
        body.Object("headers") is { } headers ? Read(headers) : known?.Headers ?? ImmutableSortedDictionary<string, string>.Empty,
        body.Flag("byEvents") ?? known?.ByEvents ?? false,
        body.Flag("base64") ?? known?.Base64 ?? false,
        enabled ? ReadEvents(body) : [],
        known?.CreatedAt ?? now,
        now);

    public void Write(Utf8JsonWriter json, string instanceId)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("url", Url);
        json.WritePropertyName("headers");
        WriteHeaders(json);
        json.WriteBoolean("enabled", Enabled);
        json.WritePropertyName("events");
        json.Array(Events);
        json.WriteBoolean("webhookByEvents", ByEvents);
        json.WriteBoolean("webhookBase64", Base64);
        json.WriteString("createdAt", JsonText.Iso(CreatedAt));
        json.WriteString("updatedAt", JsonText.Iso(UpdatedAt));
        json.WriteString("instanceId", instanceId);
        json.WriteEndObject();
    }

    public void WriteHeaders(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, value) in Headers) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static string NewId() => $"cm{Guid.NewGuid():N}"[..25];

    private static ImmutableSortedDictionary<string, string> Read(JsonElement headers) =>
        headers.EnumerateObject().ToImmutableSortedDictionary(each => each.Name, each => each.Value.ToString(), StringComparer.Ordinal);

    private static ImmutableArray<string> ReadEvents(JsonElement body)
    {
        ImmutableArray<string> events = [.. body.GetProperty("events").EnumerateArray().Select(each => each.GetString()!)];
        return events.IsEmpty ? [.. AllEvents] : events;
    }
}
