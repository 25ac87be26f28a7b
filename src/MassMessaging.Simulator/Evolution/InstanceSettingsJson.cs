using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

internal static class InstanceSettingsJson
{
    public static InstanceSettings Read(JsonElement body) => new(
        body.Flag("rejectCall") ?? false,
        body.Text("msgCall") ?? "",
        body.Flag("groupsIgnore") ?? false,
        body.Flag("alwaysOnline") ?? false,
        body.Flag("readMessages") ?? false,
        body.Flag("readStatus") ?? false,
        body.Flag("syncFullHistory") ?? false);

    public static void Write(Utf8JsonWriter json, InstanceSettings settings)
    {
        json.WriteStartObject();
        json.WriteBoolean("rejectCall", settings.RejectCall);
        json.WriteString("msgCall", settings.MsgCall);
        json.WriteBoolean("groupsIgnore", settings.GroupsIgnore);
        json.WriteBoolean("alwaysOnline", settings.AlwaysOnline);
        json.WriteBoolean("readMessages", settings.ReadMessages);
        json.WriteBoolean("readStatus", settings.ReadStatus);
        json.WriteBoolean("syncFullHistory", settings.SyncFullHistory);
        json.WriteString("wavoipToken", "");
        json.WriteEndObject();
    }

    /// <summary>`POST /settings/set/{i}`: all six switches are mandatory.</summary>
    public static Reply Set(Gateway gateway, Instance instance, JsonElement body)
    {
        var schema = new Schema(body).Boolean("rejectCall").String("msgCall").Boolean("groupsIgnore").Boolean("alwaysOnline")
            .Boolean("readMessages").Boolean("readStatus").Boolean("syncFullHistory")
            .Required("rejectCall", "groupsIgnore", "alwaysOnline", "readMessages", "readStatus", "syncFullHistory");
        if (schema.Complaints.Count > 0) return Reply.Invalid(schema.Complaints);

        instance.Settings = Read(body);
        gateway.Remember();
        return Reply.Json(201, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("settings");
            json.WriteString("instanceName", instance.Name);
            json.WritePropertyName("settings");
            Write(json, instance.Settings);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    public static Reply Find(Instance instance) => Reply.Json(200, json => Write(json, instance.Settings));
}
