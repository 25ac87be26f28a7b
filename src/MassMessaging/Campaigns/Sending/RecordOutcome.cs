using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>What the answer of a gateway call makes of the member it was for.</summary>
public static class RecordOutcome
{
    public static Decision Decide(AudienceMember member, Guid messageId, SendOutcome outcome, DateTimeOffset at)
    {
        // Another attempt has begun since: this one was settled by a person.
        if (member.MessageId != messageId) return Decision.Nothing;

        return (member.Status, outcome) switch
        {
            (MemberStatus.Sending or MemberStatus.InDoubt, SendOutcome.Accepted) =>
                Decision.Accept(new MessageSent(member.CampaignId, member.ClientId, at, member.Status, member.Variant, member.Label, member.SlotAt)),
            (MemberStatus.Sending or MemberStatus.InDoubt, SendOutcome.Refused refused) =>
                Decision.Accept(new MessageFailed(member.CampaignId, refused.Code, at, member.Status, member.Variant, member.Label, member.SlotAt)),
            (MemberStatus.Sending, SendOutcome.Unknown unknown) =>
                Decision.Accept(new MessageInDoubt(member.CampaignId, unknown.Reason, member.Variant, member.Label, member.SlotAt)),
            (MemberStatus.Sending, _) when NotSent(outcome) is { } reason =>
                Decision.Accept(new MessageReleased(member.CampaignId, reason, member.Variant, member.Label, member.SlotAt)),
            // In doubt may have completed the campaign, which never reverses by itself: a person may retry this one.
            (MemberStatus.InDoubt, _) when NotSent(outcome) is not null =>
                Decision.Accept(new MessageFailed(member.CampaignId, "not-sent", at, member.Status, member.Variant, member.Label, member.SlotAt)),
            _ => Decision.Nothing,
        };
    }

    /// <summary>Why surely nothing was sent, or null when that is not sure.</summary>
    private static string? NotSent(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Throttled => "throttled",
        SendOutcome.RecipientHeld held => held.Reason,
        SendOutcome.MessageStopped stopped => stopped.Reason,
        SendOutcome.InstanceDown down => down.Reason,
        SendOutcome.InstanceGone gone => gone.Reason,
        SendOutcome.NotWritten not => not.Reason,
        _ => null,
    };
}
