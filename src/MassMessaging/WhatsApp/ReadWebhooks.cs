using System.Diagnostics;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Cloud;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.WhatsApp;

/// <summary>Reads stored webhooks: receipts and messages go to whoever wants them, states to the instance.</summary>
internal sealed class ReadWebhooks(
    IEnumerable<IReceiptSubscriber> receiptSubscribers, IEnumerable<IIncomingSubscriber> incomingSubscribers, TellAccountNews news)
    : IHandle<WebhookReceived>
{
    private const string Owners = "select instance, profile_id from whatsapp_instance where instance = any (@instances)";

    public async Task Handle(IReadOnlyList<WebhookReceived> messages, ISession session, CancellationToken ct)
    {
        var contents = messages.Select(Read).ToList();
        foreach (var reason in contents.Select(content => content.SkippedReason).OfType<string>())
            WhatsAppMeter.WebhooksSkipped.Add(1, KeyValuePair.Create("reason", (object?)reason));

        // In one order of instances everywhere: two batches never wait for each other.
        var states = contents.Select(content => content.State).OfType<InstanceStateSeen>()
            .OrderBy(seen => seen.Instance, StringComparer.Ordinal).ThenBy(seen => seen.At);
        foreach (var seen in states)
        {
            await ClosedInstance.Tell(session, seen, ct);
            await WhatsAppConfig.Record(session, seen, ct);
        }

        var receipts = contents.SelectMany(content => content.Receipts)
            .DistinctBy(receipt => (receipt.Instance, receipt.GatewayMessageId, receipt.Kind)).ToList();
        if (receipts.Count > 0)
            foreach (var subscriber in receiptSubscribers) await subscriber.Receive(receipts, session, ct);

        var incoming = await Owned([.. contents.SelectMany(content => content.Incoming)], session, ct);
        if (incoming.Count > 0)
            foreach (var subscriber in incomingSubscribers) await subscriber.Receive(incoming, session, ct);
        await news.Tell(contents, session, ct);
    }

    private static WebhookContent Read(WebhookReceived webhook)
    {
        var content = CloudInstance.Is(webhook.Instance) ? CloudEvents.Read(webhook) : EvolutionEvents.Read(webhook);
        if (webhook.Trace is null) return content;

        Activity.Current?.AddLink(new ActivityLink(Traces.Parse(webhook.Trace)));
        return content with { Receipts = [.. content.Receipts.Select(receipt => receipt with { Trace = webhook.Trace })] };
    }

    /// <summary>Each once, with the profile that the number belongs to.</summary>
    private static async Task<List<IncomingMessage>> Owned(IReadOnlyList<IncomingText> texts, ISession session, CancellationToken ct)
    {
        if (texts.Count == 0) return [];

        var owners = (await session.Query(
            Owners, row => (Instance: row.GetString(0), Profile: row.GetGuid(1)), ct,
            ("instances", texts.Select(text => text.Instance).Distinct().ToArray()))).ToDictionary(row => row.Instance, row => row.Profile);
        return [.. texts.DistinctBy(text => (text.Instance, text.GatewayMessageId))
            .Where(text => owners.ContainsKey(text.Instance))
            .Select(text => new IncomingMessage(
                owners[text.Instance], text.Instance, text.GatewayMessageId, text.From, text.Text, text.QuotedId, text.At, text.Alias))];
    }
}
