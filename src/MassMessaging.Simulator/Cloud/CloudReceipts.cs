using System.Globalization;
using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary>Statuses of a taken message: sent, delivered, read, or failed with the reason.</summary>
internal static class CloudReceipts
{
    public static void Plan(CloudPlatform cloud, CloudNumber number, LedgerEntry entry, string? reference, FaultPlan faults, ref Dice dice)
    {
        var failure = CloudFaults.FailsWith(faults);
        foreach (var planned in ReceiptPlan.Of(cloud.Gateway.Options.Receipts, faults, ref dice))
        {
            if (failure is not null && planned.Status is ReceiptPlan.DeliveryAck or ReceiptPlan.Read) continue;
            if (planned.Status == ReceiptPlan.DeliveryAck && faults.Has(FaultKind.ReadOnly)) continue;

            cloud.Gateway.Agenda.In(planned.After, () => Arrive(cloud, number, entry, reference, faults, Name(planned.Status, failure), failure));
        }
    }

    private static void Arrive(
        CloudPlatform cloud, CloudNumber number, LedgerEntry entry, string? reference, FaultPlan faults, string status, int? failure)
    {
        if (status == "delivered" && faults.Find(FaultKind.Reply) is { Text: { } text })
        {
            cloud.Receive(new CloudIncoming(number.Id, entry.Jid, text)
            {
                QuotedId = entry.KeyId, IsButton = entry.Template is not null, HidesPhone = faults.Has(FaultKind.NoFrom),
            });
        }

        if (faults.Has(FaultKind.LostStatus)) return;

        entry.Add(status);
        if (faults.Has(FaultKind.LostWebhook)) return;

        var seconds = cloud.Gateway.Now.ToUnixTimeSeconds();
        cloud.Webhooks.Post(number.Account, number, "statuses", json => Write(json, entry, reference, status, failure, seconds));
    }

    private static string Name(string status, int? failure) => status switch
    {
        _ when failure is not null => "failed",
        ReceiptPlan.ServerAck => "sent",
        ReceiptPlan.DeliveryAck => "delivered",
        ReceiptPlan.Read => "read",
        _ => "failed",
    };

    private static void Write(Utf8JsonWriter json, LedgerEntry entry, string? reference, string status, int? failure, long seconds)
    {
        json.WriteStartObject();
        json.WriteString("id", entry.KeyId);
        json.WriteString("status", status);
        json.WriteString("timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        json.WriteString("recipient_id", entry.Jid);
        if (reference is not null) json.WriteString("biz_opaque_callback_data", reference);
        if (status == "failed") WriteErrors(json, failure ?? CloudFaults.Unreachable);
        else if (status != "read") WritePricing(json, isTemplate: entry.Template is not null);
        json.WriteEndObject();
    }

    private static void WritePricing(Utf8JsonWriter json, bool isTemplate)
    {
        json.WriteStartObject("pricing");
        json.WriteBoolean("billable", isTemplate);
        json.WriteString("pricing_model", "PMP");
        json.WriteString("type", isTemplate ? "regular" : "free_customer_service");
        json.WriteString("category", isTemplate ? "marketing" : "service");
        json.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter json, int code)
    {
        json.WriteStartArray("errors");
        json.WriteStartObject();
        json.WriteNumber("code", code);
        json.WriteString("title", GraphError.Title(code));
        json.WriteString("message", GraphError.Title(code));
        json.WriteStartObject("error_data");
        json.WriteString("details", GraphError.Details(code));
        json.WriteEndObject();
        json.WriteString("href", "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/");
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
