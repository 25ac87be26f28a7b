using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Restores;

/// <summary>The attempt of a member that waits in a restored database, and was written to in the time that it lost, or may have been.</summary>
public static class RecordRestored
{
    /// <param name="member">As it stands.</param>
    /// <param name="messageId">Of the attempt: its own one is lost.</param>
    /// <param name="at">When the gateway sent it.</param>
    public static Decision Sent(AudienceMember member, Guid messageId, DateTimeOffset at)
    {
        if (Unclear(member, messageId, at) is not Decision.Accepted { Events: { Count: > 0 } doubt }) return Decision.Nothing;

        var sent = new MessageSent(member.CampaignId, member.ClientId, at, MemberStatus.InDoubt, member.Variant, member.Label, at);
        return Decision.Accept([.. doubt, sent]);
    }

    /// <param name="at">When it may have been sent at the latest.</param>
    public static Decision Unclear(AudienceMember member, Guid messageId, DateTimeOffset at) => member.Status == MemberStatus.Pending
        ? Decision.Accept(
            new MessageAttempted(member.CampaignId, messageId, at, member.Variant, member.Label),
            new MessageInDoubt(member.CampaignId, HoldRestored.Reason, member.Variant, member.Label, at))
        : Decision.Nothing;
}
