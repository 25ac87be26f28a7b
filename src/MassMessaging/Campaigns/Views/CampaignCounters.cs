using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Views;

/// <summary>
/// View <c>campaign-counters</c>, async, pure increments. Every increment keeps Total = Pending + Sent + Failed + Skipped + InDoubt, so
/// the row agrees with itself at every instant. InFlight is the part of Pending that was attempted and has no outcome yet, Requeued how
/// often a person had somebody tried again.
/// </summary>
public sealed record CampaignCounters(
    Guid ProfileId, Guid Id, long Total = 0, long Pending = 0, long InFlight = 0, long Sent = 0, long Delivered = 0, long Read = 0,
    long Replied = 0, long Failed = 0, long Skipped = 0, long InDoubt = 0,
    long Requeued = 0) : ISumView<CampaignCounters>
{
    public static string ViewName => "campaign-counters";

    public static string Table => "campaign_counters";

    public static bool ReadsOrigin => false;

    public static CampaignCounters? Increment(RecordedEvent recorded)
    {
        var profile = recorded.Stream.Profile;
        return recorded.Data switch
        {
            MessageQueued queued => new(profile, queued.CampaignId) { Total = 1, Pending = 1 },
            MessageAttempted attempted => new(profile, attempted.CampaignId) { InFlight = 1 },
            MessageReleased released => new(profile, released.CampaignId) { InFlight = -1 },
            MessageInDoubt doubt => Leave(new(profile, doubt.CampaignId) { InDoubt = 1 }, MemberStatus.Sending),
            MessageSent sent => Leave(new(profile, sent.CampaignId) { Sent = 1 }, sent.Was),
            MessageDelivered delivered => Leave(new(profile, delivered.CampaignId) { Sent = 1, Delivered = 1 }, delivered.Was),
            MessageRead read => Leave(new(profile, read.CampaignId) { Sent = 1, Delivered = 1, Read = 1 }, read.Was),
            MessageFailed failed => Leave(new(profile, failed.CampaignId) { Failed = 1 }, failed.Was),
            MessageReplied replied => new(profile, replied.CampaignId) { Replied = replied.Again ? 0 : 1 },
            MessageRequeued requeued => Leave(new(profile, requeued.CampaignId) { Pending = 1, Requeued = 1 }, requeued.Was),
            MessageSkipped skipped => Leave(new(profile, skipped.CampaignId) { Skipped = 1 }, MemberStatus.Pending),
            _ => null,
        };
    }

    private static CampaignCounters Leave(CampaignCounters entered, MemberStatus was) => was switch
    {
        MemberStatus.Pending => entered with { Pending = entered.Pending - 1 },
        MemberStatus.Sending => entered with { Pending = entered.Pending - 1, InFlight = entered.InFlight - 1 },
        MemberStatus.InDoubt => entered with { InDoubt = entered.InDoubt - 1 },
        MemberStatus.Sent => entered with { Sent = entered.Sent - 1 },
        MemberStatus.Delivered => entered with { Sent = entered.Sent - 1, Delivered = entered.Delivered - 1 },
        MemberStatus.Read => entered with { Sent = entered.Sent - 1, Delivered = entered.Delivered - 1, Read = entered.Read - 1 },
        MemberStatus.Failed => entered with { Failed = entered.Failed - 1 },
        MemberStatus.Skipped => entered with { Skipped = entered.Skipped - 1 },
        _ => entered,
    };
}
