using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Receipts that WhatsApp announces, applied to the members that they are about.</summary>
public sealed class ReceiveReceipts : IReceiptSubscriber
{
    public async Task Receive(IReadOnlyList<ReceiptArrived> receipts, ISession session, CancellationToken ct)
    {
        var evidence = (await SendingEvidence.Of(session, receipts, ct)).ToDictionary(message => (message.Instance, message.GatewayId));
        var news = receipts.Where(receipt => receipt.Kind != ReceiptKind.Sent || evidence.ContainsKey(Key(receipt))).ToList();
        if (news.Count == 0) return;

        var messages = await GatewayMessages.Receive(session, news, ct);
        if (evidence.Count > 0) messages.AddRange(await GatewayMessages.Accept(session, evidence.Values, ct)); // rows that are locked already
        var ours = messages.Where(message => message.Member is not null).DistinctBy(message => (message.Instance, message.GatewayId))
            .ToDictionary(message => (message.Instance, message.GatewayId));
        if (ours.Count == 0) return;

        var members = await MemberChanges.Load(session, ours.Values.Select(message => message.Member!.Value), ct);
        foreach (var receipt in news)
            if (ours.TryGetValue(Key(receipt), out var message))
            {
                if (evidence.ContainsKey(Key(receipt))) Apply(members, message, receipt with { Kind = ReceiptKind.Sent });
                Apply(members, message, receipt);
            }

        members.Append(session);
        if (evidence.Count > 0) await SettleCampaigns.Ask(session, members.Campaigns, ct);
    }

    private static void Apply(MemberChanges members, GatewayMessage message, ReceiptArrived receipt) =>
        members.Receive(message, receipt.Kind, receipt.At, receipt.Code, receipt.Trace);

    private static (string Instance, string GatewayId) Key(ReceiptArrived receipt) => (receipt.Instance, receipt.GatewayMessageId);
}
