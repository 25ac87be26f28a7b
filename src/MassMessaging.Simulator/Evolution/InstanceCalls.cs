namespace MassMessaging.Simulator.Evolution;

/// <summary>`/instance/*` of an instance that exists.</summary>
internal static class InstanceCalls
{
    public static async Task<Reply?> Connect(Gateway gateway, Instance instance, string? number)
    {
        if (instance.Connection == Connection.Open) return State(instance);

        if (instance.Connection == Connection.Close)
        {
            if (!string.IsNullOrEmpty(number)) instance.Number = number;
            Linking.Begin(gateway, instance);
            await gateway.Hold(gateway.Options.QrDelay);
        }

        return Reply.Json(200, json => Linking.WriteQrCode(json, instance));
    }

    /// <summary>What the gateway believes, not a probe of the socket.</summary>
    public static Reply State(Instance instance) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("instance");
        json.WriteString("instanceName", instance.Name);
        json.WriteString("state", instance.State);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static async Task<Reply?> Restart(Gateway gateway, Instance instance)
    {
        switch (instance.Connection)
        {
            case Connection.Close:
                return SwallowedException();
            case Connection.Connecting:
                return await Connect(gateway, instance, null);
            default:
                // Closing is not awaited: the answer still says `open`.
                var before = State(instance);
                if (instance.Integration == Integration.Baileys) Linking.Drop(gateway, instance, gateway.Options.OpenDelay);
                return before;
        }
    }

    public static Reply LogOut(Gateway gateway, Instance instance)
    {
        if (instance.Connection == Connection.Close) return Reply.BadRequest($"The \"{instance.Name}\" instance is not connected");

        // On WHATSAPP-BUSINESS it is a flag in memory, and sends keep working.
        if (instance.Integration == Integration.Business)
            instance.Connection = Connection.Close;
        else
            Linking.LogOut(gateway, instance);
        return Success("Instance logged out");
    }

    public static Reply Delete(Gateway gateway, Instance instance)
    {
        gateway.Webhooks.Post(instance, WebhookEvent.InstanceDelete, json => CreateInstance.WriteId(json, instance));
        gateway.Webhooks.Post(instance, WebhookEvent.RemoveInstance, json => json.WriteNullValue());
        instance.IsDeleted = true;
        instance.Connection = Connection.Close;
        gateway.Instances.TryRemove(new KeyValuePair<string, Instance>(instance.Name, instance));
        gateway.Remember();
        return Success("Instance deleted");
    }

    /// <summary>Tokens in clear, as in the real one.</summary>
    public static Reply Fetch(Gateway gateway, string? token, string? name, string? id, string? number)
    {
        var found = gateway.Instances.Values
            .Where(each => token is null || each.Token == token)
            .Where(each => token is not null || string.IsNullOrEmpty(name) || each.Name == name)
            .Where(each => string.IsNullOrEmpty(id) || each.Id == id)
            .Where(each => string.IsNullOrEmpty(number) || each.Number == number)
            .OrderBy(each => each.CreatedAt)
            .ToList();
        if (found.Count == 0 && !string.IsNullOrEmpty(name ?? id)) return Reply.NotFound($"Instance \"{name ?? id}\" not found");

        return Reply.Json(200, json =>
        {
            json.WriteStartArray();
            foreach (var each in found) InstanceRow.Write(json, each, gateway.Ledger);
            json.WriteEndArray();
        });
    }

    private static Reply Success(string message) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", "SUCCESS");
        json.WriteBoolean("error", false);
        json.WriteStartObject("response");
        json.WriteString("message", message);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static Reply SwallowedException() => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("error", true);
        json.WriteString("message", "[object Object]");
        json.WriteEndObject();
    });
}
