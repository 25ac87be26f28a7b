using System.Globalization;

namespace MassMessaging.Simulator.Evolution;

/// <summary>Statuses of a taken message, as they come back from the person's phone.</summary>
internal static class Receipts
{
    public static void Plan(Gateway gateway, Instance instance, LedgerEntry entry, FaultPlan faults, ref Dice dice)
    {
        foreach (var planned in ReceiptPlan.Of(gateway.Options.Receipts, faults, ref dice))
        {
            gateway.Agenda.In(planned.After, () => Arrive(gateway, instance, entry, faults, planned.Status));
        }
    }

    private static void Arrive(Gateway gateway, Instance instance, LedgerEntry entry, FaultPlan faults, string status)
    {
        if (instance.IsDeleted) return;

        if (status == ReceiptPlan.DeliveryAck && faults.Find(FaultKind.Reply) is { Text: { } text })
            Incoming.Receive(gateway, instance, new IncomingMessage(entry.Jid, text, entry));
        // Without a row for the message the real gateway skips the update, and having cached it, skips its repeats as well.
        if (!entry.Stored || faults.Has(FaultKind.LostStatus)) return;

        entry.Add(status);
        if (!faults.Has(FaultKind.LostWebhook)) Announce(gateway, instance, entry, faults, status);
    }

    private static void Announce(Gateway gateway, Instance instance, LedgerEntry entry, FaultPlan faults, string status)
    {
        if (instance.Integration == Integration.Business)
            AnnounceBusiness(gateway, instance, entry, faults, status);
        else
            AnnounceBaileys(gateway, instance, entry, faults, status);
    }

    private static void AnnounceBaileys(Gateway gateway, Instance instance, LedgerEntry entry, FaultPlan faults, string status) =>
        gateway.Webhooks.Post(instance, WebhookEvent.MessagesUpdate, json =>
        {
            json.WriteStartObject();
            json.WriteString("keyId", entry.KeyId);
            json.WriteString("remoteJid", faults.Has(FaultKind.Lid) ? Jid.Lid(entry.Jid) : entry.Jid);
            json.WriteBoolean("fromMe", true);
            json.WriteString("status", status);
            json.WriteString("instanceId", entry.InstanceId);
            json.WriteString("messageId", RowId(entry));
            json.WriteEndObject();
        });

    /// <summary>`fromMe` is false about our own message, and a failure has no reason: both as observed.</summary>
    private static void AnnounceBusiness(Gateway gateway, Instance instance, LedgerEntry entry, FaultPlan faults, string status)
    {
        var jid = faults.Has(FaultKind.WrongRemoteJid) ? "541100000000@s.whatsapp.net" : entry.Jid;
        gateway.Webhooks.Post(instance, WebhookEvent.MessagesUpdate, json =>
        {
            json.WriteStartObject();
            json.WriteString("messageId", RowId(entry));
            json.WriteString("keyId", entry.KeyId);
            json.WriteString("remoteJid", jid);
            json.WriteBoolean("fromMe", false);
            json.WriteString("participant", jid);
            json.WriteString("status", Business(status));
            json.WriteString("instanceId", entry.InstanceId);
            json.WriteEndObject();
        });
    }

    public static string Business(string status) => status switch
    {
        ReceiptPlan.ServerAck => "SENT",
        ReceiptPlan.DeliveryAck => "DELIVERED",
        ReceiptPlan.Error => "FAILED",
        _ => status,
    };

    /// <summary>The gateway's own row id, which is not the message's.</summary>
    public static string RowId(LedgerEntry entry) => string.Create(CultureInfo.InvariantCulture, $"cmwro{entry.Sequence:D20}");
}
