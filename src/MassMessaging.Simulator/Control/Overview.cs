using System.Globalization;
using System.Text;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Control;

/// <summary>What a person wants to see first.</summary>
internal static class Overview
{
    public static Reply Show(Gateway gateway, Outstanding outstanding)
    {
        var (url, key, webhooks) = (gateway.Webhooks.ServerUrl, gateway.Options.ApiKey, gateway.Webhooks.Counts);
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            A simulated Evolution API 2.3.6. Nothing that is sent here reaches anybody.

            address   {url}
            apikey    {key}
            accepted  {gateway.Ledger.Entries.Count} of {gateway.Ledger.Received.Count} sends
            webhooks  {webhooks.Delivered} delivered, {webhooks.Retried} retries, {webhooks.Dropped} given up, {outstanding.Count} to come

            Instances

            """);
        foreach (var instance in gateway.Instances.Values.OrderBy(each => each.CreatedAt))
            text.AppendLine(string.Join("  ", "", instance.Name, instance.IntegrationName, instance.State, "→", instance.Webhook?.Url ?? "no webhook"));
        if (gateway.Instances.IsEmpty) text.Append("  none yet\n");
        text.Append("\nFaults switched on\n");
        foreach (var fault in gateway.Faults.All) text.Append(CultureInfo.InvariantCulture, $"  {fault}\n");
        if (gateway.Faults.All.Count == 0) text.Append("  none\n");
        text.Append(CultureInfo.InvariantCulture, $"\n{ToTry(url, key)}\n\nNumbers that carry a fault: any country, ending in\n");
        foreach (var (ending, fault) in MagicNumbers.All) text.AppendLine($"  {ending}  {fault.Name}  {fault.Text}".TrimEnd());
        return new Reply(200, Encoding.UTF8.GetBytes(text.ToString()), "text/plain; charset=utf-8");
    }

    public static string ToTry(string url, string key) =>
        $$"""
        Try
          curl -X POST {{url}}/instance/create -H 'apikey: {{key}}' -H 'content-type: application/json' \
            -d '{"instanceName":"demo","integration":"WHATSAPP-BAILEYS"}'
          curl {{url}}/instance/connect/demo -H 'apikey: {{key}}'
          curl -X POST {{url}}/message/sendText/demo -H 'apikey: {{key}}' -H 'content-type: application/json' \
            -d '{"number":"5491133334444","text":"Hola Ana"}'
          curl {{url}}/simulator/ledger
          curl -X PUT {{url}}/simulator/faults -d '{"kind":"close_after","probability":0.1}'
          curl -X POST {{url}}/simulator/instances/demo/incoming -d '{"from":"5491133334444","text":"Hola, me interesa"}'
        """;

    public static Reply Webhooks(Gateway gateway, Outstanding outstanding)
    {
        var (delivered, retried, dropped) = gateway.Webhooks.Counts;
        return Reply.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("delivered", delivered);
            json.WriteNumber("retried", retried);
            json.WriteNumber("dropped", dropped);
            json.WriteNumber("outstanding", outstanding.Count);
            json.WriteEndObject();
        });
    }
}
