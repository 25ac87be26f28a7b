using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;

namespace MassMessaging.Analytics.Views;

/// <summary>
/// View <c>campaign-figures</c>, async: the increments of <see cref="CampaignCounters"/>, by the quarter of an hour of the attempt's slot,
/// by label, variant and reason. All that is told of an attempt counts where the attempt does, so what became of the messages of any
/// stretch of time is a sum of rows, and each such sum agrees with itself as the campaign's row does.
/// </summary>
/// <param name="StartsAt">UTC. Who is planned or left out has no slot, and counts when it was recorded.</param>
/// <param name="Label">Empty: not known.</param>
/// <param name="Variant">Empty: the campaign has none.</param>
/// <param name="Reason">Of a failure, also where it is made good later, or of a skip; else empty.</param>
/// <param name="Sends">Whose time from the slot to the gateway's answer is known.</param>
/// <param name="Deliveries">Whose time from there to the receipt is known.</param>
public sealed record CampaignFigures(
    Guid ProfileId, Guid Id, DateTimeOffset StartsAt, string Label, string Variant, string Reason, long Total = 0, long InFlight = 0,
    long Sent = 0, long Delivered = 0, long Read = 0, long Replied = 0, long Failed = 0, long Skipped = 0, long InDoubt = 0,
    long Requeued = 0, long Sends = 0, long SendMilliseconds = 0, long Deliveries = 0, long DeliveryMilliseconds = 0)
    : ISumView<CampaignFigures>
{
    public static string ViewName => "campaign-figures";

    public static string Table => "campaign_figures";

    public static CampaignFigures? Increment(RecordedEvent recorded)
    {
        if (recorded.Data is not IMemberEvent member || recorded.Data is MessageReplied { Again: true }) return null;
        if (CampaignCounters.Increment(recorded) is not { } sum) return null;

        var (send, delivery) = (MessageTimes.Send(recorded.Data), MessageTimes.Delivery(recorded.Data));
        return new(
            sum.ProfileId, sum.Id, MessageTimes.Quarter(recorded), member.Label ?? "", member.Variant ?? "", Why(recorded.Data) ?? "",
            sum.Total, sum.InFlight, sum.Sent, sum.Delivered, sum.Read, sum.Replied, sum.Failed, sum.Skipped, sum.InDoubt, sum.Requeued,
            send is null ? 0 : 1, send ?? 0, delivery is null ? 0 : 1, delivery ?? 0);
    }

    private static string? Why(object data) => data switch
    {
        MessageFailed failed => failed.Reason,
        MessageSkipped skipped => skipped.Reason,
        MessageDelivered delivered => delivered.FailedFor,
        MessageRead read => read.FailedFor,
        MessageRequeued requeued => requeued.FailedFor,
        _ => null,
    };
}
