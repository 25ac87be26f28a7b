using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.WhatsApp;

/// <summary>Reads stored webhooks: receipts go to whoever wants them, states to the instance.</summary>
internal sealed class ReadWebhooks(IEnumerable<IReceiptSubscriber> subscribers) : IHandle<WebhookReceived>
{
    public async Task Handle(IReadOnlyList<WebhookReceived> messages, ISession session, CancellationToken ct)
    {
        var contents = messages.Select(EvolutionEvents.Read).ToList();
        foreach (var skipped in contents.Where(content => content.SkippedReason is not null))
            WhatsAppMeter.WebhooksSkipped.Add(1, KeyValuePair.Create("reason", (object?)skipped.SkippedReason));

        // In one order of instances everywhere: two batches never wait for each other.
        var states = contents.Select(content => content.State).OfType<InstanceStateSeen>()
            .OrderBy(seen => seen.Instance, StringComparer.Ordinal).ThenBy(seen => seen.At);
        foreach (var seen in states) await WhatsAppConfig.Record(session, seen, ct);

        var receipts = contents.SelectMany(content => content.Receipts)
            .DistinctBy(receipt => (receipt.Instance, receipt.GatewayMessageId, receipt.Kind)).ToList();
        if (receipts.Count == 0) return;

        foreach (var subscriber in subscribers) await subscriber.Receive(receipts, session, ct);
    }
}
