using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>A socket's life: QR code, open, drops, log-out; each step announces itself as the real one does.</summary>
internal static class Linking
{
    // A valid PNG of one white pixel: the picture of a code that nobody has to scan.
    private const string Picture =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=";

    /// <summary>Starts the socket and shows a QR code, which is scanned by itself after a while.</summary>
    public static void Begin(Gateway gateway, Instance instance)
    {
        instance.HasSocket = true;
        instance.Connection = Connection.Connecting;
        instance.QrCodes++;
        var attempt = ++instance.Attempt;
        AnnounceConnection(gateway, instance, 200);
        gateway.Webhooks.Post(instance, WebhookEvent.QrCodeUpdated, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("qrcode");
            json.WriteString("instance", instance.Name);
            WriteCode(json, instance);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        if (gateway.Options.AutoOpen) gateway.Agenda.In(gateway.Options.OpenDelay, () => Open(gateway, instance, attempt));
    }

    public static void WriteQrCode(Utf8JsonWriter json, Instance instance)
    {
        json.WriteStartObject();
        if (instance.QrCodes > 0) WriteCode(json, instance);
        json.WriteNumber("count", instance.QrCodes);
        json.WriteEndObject();
    }

    public static void Open(Gateway gateway, Instance instance, int attempt)
    {
        if (instance.IsDeleted || attempt != instance.Attempt) return;

        instance.HasSocket = true;
        if (instance.Integration == Integration.Baileys) instance.OwnJid ??= $"{OwnNumber(instance)}@s.whatsapp.net";
        instance.Connection = Connection.Open;
        (instance.DisconnectionReason, instance.DisconnectedAt) = (null, null);
        gateway.Remember();
        AnnounceConnection(gateway, instance, 200);
    }

    /// <summary>A transient drop sends no `close`: only `connecting`, then `open`.</summary>
    public static void Drop(Gateway gateway, Instance instance, TimeSpan downFor)
    {
        instance.Connection = Connection.Connecting;
        var attempt = ++instance.Attempt;
        AnnounceConnection(gateway, instance, 200);
        gateway.Agenda.In(downFor, () => Open(gateway, instance, attempt));
    }

    /// <summary>The phone removed the device: three events in any order, and a new QR code is needed.</summary>
    public static void LogOut(Gateway gateway, Instance instance, int reason = 401)
    {
        instance.Attempt++;
        var now = gateway.Now;
        instance.Connection = Connection.Close;
        (instance.DisconnectionReason, instance.DisconnectedAt) = (reason, now);
        gateway.Remember();
        gateway.Webhooks.Post(instance, WebhookEvent.LogoutInstance, json => json.WriteNullValue());
        AnnounceConnection(gateway, instance, reason);
        gateway.Webhooks.Post(instance, WebhookEvent.StatusInstance, json =>
        {
            json.WriteStartObject();
            json.WriteString("instance", instance.Name);
            json.WriteString("status", "closed");
            json.WriteString("disconnectionAt", JsonText.Iso(now));
            json.WriteNumber("disconnectionReasonCode", reason);
            json.WriteString("disconnectionObject", Disconnection(reason, now));
            json.WriteEndObject();
        });
    }

    private static void AnnounceConnection(Gateway gateway, Instance instance, int reason) =>
        gateway.Webhooks.Post(instance, WebhookEvent.ConnectionUpdate, json =>
        {
            json.WriteStartObject();
            json.WriteString("instance", instance.Name);
            if (instance.Connection == Connection.Open)
            {
                json.WriteString("wuid", instance.OwnJid);
                json.WriteString("profileName", "Asesor Uno");
                json.WriteNull("profilePictureUrl");
            }

            json.WriteString("state", instance.State);
            json.WriteNumber("statusReason", reason);
            json.WriteEndObject();
        });

    private static void WriteCode(Utf8JsonWriter json, Instance instance)
    {
        json.WriteString("pairingCode", instance.Number is null ? null : "WZYEH1YY");
        json.WriteString("code", $"2@Simulated{instance.QrCodes},abc=,def=,ghi=");
        json.WriteString("base64", Picture);
    }

    private static string OwnNumber(Instance instance) => instance.Number is { } number ? Jid.Digits(number) : "5491155550000";

    private static string Disconnection(int reason, DateTimeOffset at)
    {
        var when = JsonText.Iso(at);
        return $$$$"""
            {"error": {"data": null, "isBoom": true, "isServer": false, "output": {"statusCode": {{{{reason}}}}, "payload": {"statusCode": {{{{reason}}}},
             "error": "Unauthorized", "message": "Stream Errored (conflict device_removed)"}, "headers": {}}}, "date": "{{{{when}}}}"}
            """;
    }
}
