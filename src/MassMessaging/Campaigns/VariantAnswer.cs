using MassMessaging.Campaigns.Views;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary>A variant of a campaign's message with its own figures, which add up as the campaign's do.</summary>
/// <param name="Share">Of the audience, in whole percent.</param>
public sealed record VariantAnswer(
    string Name, int Share, string MessageContent,
    long TotalRecipients, long SentCount, long DeliveredCount, long ReadCount, long RepliedCount,
    long FailedCount, long SkippedCount, long InDoubtCount, long PendingCount, IReadOnlyList<TextWarning> Warnings)
{
    public static VariantAnswer Of(Variant variant, CampaignCounters own) => new(
        variant.Name, variant.Share, variant.MessageContent,
        own.Total, own.Sent, own.Delivered, own.Read, own.Replied, own.Failed, own.Skipped, own.InDoubt, own.Pending,
        MessageText.Warnings(variant.MessageContent));
}
