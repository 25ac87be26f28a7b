using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>The counters' view, folded in memory: the same increments.</summary>
public sealed class CountersAsOf(StreamKey campaign)
{
    private readonly Dictionary<string, CampaignCounters> byVariant = new(StringComparer.Ordinal);

    public CampaignCounters All { get; private set; } = new(campaign.Profile, campaign.Id);

    public IReadOnlyDictionary<string, CampaignCounters> ByVariant => byVariant;

    public void Add(RecordedEvent recorded)
    {
        if (CampaignCounters.Increment(recorded) is not { } increment) return;

        All = Sum(All, increment);
        if (recorded.Data is IMemberEvent { Variant: { } variant })
            byVariant[variant] = Sum(byVariant.GetValueOrDefault(variant, new(campaign.Profile, campaign.Id)), increment);
    }

    private static CampaignCounters Sum(CampaignCounters left, CampaignCounters right) => new(
        left.ProfileId, left.Id, left.Total + right.Total, left.Pending + right.Pending, left.InFlight + right.InFlight, left.Sent + right.Sent,
        left.Delivered + right.Delivered, left.Read + right.Read, left.Replied + right.Replied, left.Failed + right.Failed,
        left.Skipped + right.Skipped, left.InDoubt + right.InDoubt, left.Requeued + right.Requeued);
}
