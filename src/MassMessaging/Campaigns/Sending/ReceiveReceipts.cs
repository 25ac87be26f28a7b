using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Receipts that WhatsApp announces, applied to the members that they are about.</summary>
public sealed class ReceiveReceipts : IReceiptSubscriber
{
    public async Task Receive(IReadOnlyList<ReceiptArrived> receipts, ISession session, CancellationToken ct)
    {
        if (receipts.Count == 0) return;
        var messages = await GatewayMessages.Receive(session, receipts, ct);
        var ours = messages.Where(message => message.Member is not null)
            .ToDictionary(message => (message.Instance, message.GatewayId));
        if (ours.Count == 0) return;

        var members = await MemberChanges.Load(session, ours.Values.Select(message => message.Member!.Value), ct);
        foreach (var receipt in receipts)
            if (ours.TryGetValue((receipt.Instance, receipt.GatewayMessageId), out var message))
                members.Apply(message.Member!.Value, state => RecordReceipt.Decide(state, message.MessageId, receipt.Kind, receipt.At, receipt.Code));
        members.Append(session);
    }
}
