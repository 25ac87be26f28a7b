using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Somebody in the audience answered. Every reply is a contact; the counters count a person once.</summary>
public static class RecordReply
{
    public static Decision Decide(AudienceMember member, DateTimeOffset at) => member.Status == MemberStatus.Missing
        ? Decision.Nothing
        : Decision.Accept(new MessageReplied(member.CampaignId, member.ClientId, at, member.HasReplied, member.Variant, member.Label, member.SlotAt));
}
