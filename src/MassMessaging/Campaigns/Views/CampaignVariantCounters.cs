using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Views;

/// <summary>View <c>campaign-variant-counters</c>, async: the sums of <see cref="CampaignCounters"/>, of each variant by itself.</summary>
/// <param name="Variant">Its key, <c>A</c> to <c>E</c>.</param>
public sealed record CampaignVariantCounters(
    Guid ProfileId, Guid Id, string Variant, long Total = 0, long Pending = 0, long InFlight = 0, long Sent = 0, long Delivered = 0,
    long Read = 0, long Replied = 0, long Failed = 0, long Skipped = 0, long InDoubt = 0, long Requeued = 0)
    : ISumView<CampaignVariantCounters>
{
    public static string ViewName => "campaign-variant-counters";

    public static string Table => "campaign_variant_counters";

    public static bool ReadsOrigin => false;

    public static CampaignVariantCounters? Increment(RecordedEvent recorded) =>
        recorded.Data is IMemberEvent { Variant: { } variant } && CampaignCounters.Increment(recorded) is { } sum
            ? new(
                sum.ProfileId, sum.Id, variant, sum.Total, sum.Pending, sum.InFlight, sum.Sent, sum.Delivered, sum.Read, sum.Replied,
                sum.Failed, sum.Skipped, sum.InDoubt, sum.Requeued)
            : null;
}
