using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>
/// View <c>audit-chain</c>, async: one row for each event of a campaign and of its members, in the order of the log, with its hash. It is
/// folded from the events as stored, so a rebuild gives the same rows as long as the log is the same.
/// </summary>
/// <param name="Id">The campaign's.</param>
/// <param name="PreviousSeq">Of the campaign's event before; null of the first.</param>
/// <param name="Place">From 1.</param>
public sealed record AuditLink(Guid ProfileId, Guid Id, long Seq, long? PreviousSeq, long Place, byte[] Hash) : IChainView<AuditLink>
{
    public static string ViewName => "audit-chain";

    public static string Table => "audit_chain";

    public static Guid? ChainOf(RecordedEvent recorded) => recorded.Data is IMemberEvent member ? member.CampaignId : CampaignRow.RowOf(recorded);

    public static AuditLink Next(AuditLink? last, RecordedEvent recorded)
    {
        var campaign = new StreamKey(recorded.Stream.Profile, last?.Id ?? ChainOf(recorded)!.Value);
        var hash = ProofHash.Next(last?.Hash ?? ProofHash.Start(campaign), recorded.Stored!, last?.Seq);
        return new(campaign.Profile, campaign.Id, recorded.Seq, last?.Seq, (last?.Place ?? 0) + 1, hash);
    }
}
