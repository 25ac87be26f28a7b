using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>A row of `fetchInstances`.</summary>
internal static class InstanceRow
{
    public static void Write(Utf8JsonWriter json, Instance instance, Ledger ledger)
    {
        json.WriteStartObject();
        json.WriteString("id", instance.Id);
        json.WriteString("name", instance.Name);
        json.WriteString("connectionStatus", instance.State);
        json.WriteString("ownerJid", instance.OwnJid);
        json.WriteString("profileName", instance.OwnJid is null ? null : "Asesor Uno");
        json.WriteNull("profilePicUrl");
        json.WriteString("integration", instance.IntegrationName);
        json.WriteString("number", instance.Number);
        json.WriteString("businessId", instance.BusinessId);
        json.WriteString("token", instance.Token);
        json.WriteString("clientName", "evolution_exchange");
        if (instance.DisconnectionReason is { } reason) json.WriteNumber("disconnectionReasonCode", reason);
        else json.WriteNull("disconnectionReasonCode");
        json.WriteNull("disconnectionObject");
        json.WriteString("disconnectionAt", instance.DisconnectedAt is { } at ? JsonText.Iso(at) : null);
        json.WriteString("createdAt", JsonText.Iso(instance.CreatedAt));
        json.WriteString("updatedAt", JsonText.Iso(instance.CreatedAt));
        foreach (var other in (ReadOnlySpan<string>)["Chatwoot", "Proxy", "Rabbitmq", "Nats", "Sqs", "Websocket"]) json.WriteNull(other);
        json.WritePropertyName("Setting");
        InstanceSettingsJson.Write(json, instance.Settings);
        json.WriteStartObject("_count");
        json.WriteNumber("Message", ledger.Read().Count(entry => entry.InstanceId == instance.Id));
        json.WriteNumber("Contact", 0);
        json.WriteNumber("Chat", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
