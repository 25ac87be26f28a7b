using MassMessaging.Kernel;

namespace MassMessaging.Analytics.Views;

/// <summary>
/// View <c>campaign-durations</c>, async: how many messages of a quarter of an hour took how long, for percentiles. The rows are those of
/// <see cref="DurationScale"/> that occur, so there are at most some hundreds for each quarter in which something was sent.
/// </summary>
/// <param name="Kind"><see cref="Send"/> or <see cref="Delivery"/>.</param>
/// <param name="AtLeast">Milliseconds.</param>
public sealed record CampaignDurations(Guid ProfileId, Guid Id, DateTimeOffset StartsAt, string Kind, int AtLeast, long Samples)
    : ISumView<CampaignDurations>
{
    public const string Send = "send";
    public const string Delivery = "delivery";

    public static string ViewName => "campaign-durations";

    public static string Table => "campaign_durations";

    public static CampaignDurations? Increment(RecordedEvent recorded)
    {
        var (kind, took) = MessageTimes.Send(recorded.Data) is { } send ? (Send, send) : (Delivery, MessageTimes.Delivery(recorded.Data));
        return took is not { } milliseconds
            ? null
            : new(
                recorded.Stream.Profile, ((Campaigns.IMemberEvent)recorded.Data).CampaignId, MessageTimes.Quarter(recorded), kind,
                DurationScale.AtLeast(milliseconds), 1);
    }
}
