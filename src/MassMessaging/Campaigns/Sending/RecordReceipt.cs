using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Receipts only raise a member: sent &lt; failed by receipt &lt; delivered &lt; read, within one attempt. Gateways repeat them, lose them and
/// send them out of order.
/// </summary>
public static class RecordReceipt
{
    public static Decision Decide(AudienceMember member, Guid messageId, ReceiptKind kind, DateTimeOffset at, string? code)
    {
        if (member.MessageId != messageId) return Decision.Nothing;

        return (member.Status, kind) switch
        {
            (MemberStatus.Sent or MemberStatus.InDoubt, ReceiptKind.Delivered) or (MemberStatus.Failed, ReceiptKind.Delivered) when MayRise(member) =>
                Decision.Accept(new MessageDelivered(
                    member.CampaignId, at, member.Status, member.Variant, member.Label, member.SlotAt, member.SentAt, member.FailedFor)),
            (MemberStatus.Sent or MemberStatus.Delivered or MemberStatus.InDoubt or MemberStatus.Failed, ReceiptKind.Read) when MayRise(member) =>
                Decision.Accept(new MessageRead(
                    member.CampaignId, at, member.Status, member.Variant, member.Label, member.SlotAt, member.FailedFor)),
            // Comes with our own reference only: the answer of the call was lost, or is on its way.
            (MemberStatus.Sending or MemberStatus.InDoubt, ReceiptKind.Sent) =>
                Decision.Accept(new MessageSent(
                    member.CampaignId, member.ClientId, at, member.Status, member.Variant, member.Label, member.SlotAt)),
            (MemberStatus.Sent, ReceiptKind.Failed) =>
                Decision.Accept(new MessageFailed(
                    member.CampaignId, code ?? "gateway-error", at, member.Status, member.Variant, member.Label, member.SlotAt)),
            _ => Decision.Nothing,
        };
    }

    /// <summary>A member that was refused was never sent to: no receipt can be about it.</summary>
    private static bool MayRise(AudienceMember member) => member.Status != MemberStatus.Failed || member.WasSentTo;
}
