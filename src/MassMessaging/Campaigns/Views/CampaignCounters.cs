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

    public static CampaignCounters? Increment(RecordedEvent recorded) => recorded.Data switch
    {
        MessageQueued => Move(recorded, from: null, MemberStatus.Pending, total: 1),
        MessageAttempted => Move(recorded, MemberStatus.Pending, MemberStatus.Sending),
        MessageReleased => Move(recorded, MemberStatus.Sending, MemberStatus.Pending),
        MessageInDoubt => Move(recorded, MemberStatus.Sending, MemberStatus.InDoubt),
        MessageSent sent => Move(recorded, sent.Was, MemberStatus.Sent),
        MessageDelivered delivered => Move(recorded, delivered.Was, MemberStatus.Delivered),
        MessageRead read => Move(recorded, read.Was, MemberStatus.Read),
        MessageFailed failed => Move(recorded, failed.Was, MemberStatus.Failed),
        MessageReplied replied => Move(recorded, from: null, to: null, replied: replied.Again ? 0 : 1),
        MessageRequeued requeued => Move(recorded, requeued.Was, MemberStatus.Pending, requeued: 1),
        MessageSkipped => Move(recorded, MemberStatus.Pending, MemberStatus.Skipped),
        _ => null,
    };

    /// <summary>The columns in which a member of the one status counts, less those of the other.</summary>
    private static CampaignCounters Move(
        RecordedEvent recorded, MemberStatus? from, MemberStatus? to, long total = 0, long replied = 0, long requeued = 0) => new(
        recorded.Stream.Profile, ((IMemberEvent)recorded.Data).CampaignId,
        total,
        One(to is MemberStatus.Pending or MemberStatus.Sending) - One(from is MemberStatus.Pending or MemberStatus.Sending),
        One(to is MemberStatus.Sending) - One(from is MemberStatus.Sending),
        One(to is MemberStatus.Sent or MemberStatus.Delivered or MemberStatus.Read) - One(from is MemberStatus.Sent or MemberStatus.Delivered or MemberStatus.Read),
        One(to is MemberStatus.Delivered or MemberStatus.Read) - One(from is MemberStatus.Delivered or MemberStatus.Read),
        One(to is MemberStatus.Read) - One(from is MemberStatus.Read),
        replied,
        One(to is MemberStatus.Failed) - One(from is MemberStatus.Failed),
        One(to is MemberStatus.Skipped) - One(from is MemberStatus.Skipped),
        One(to is MemberStatus.InDoubt) - One(from is MemberStatus.InDoubt),
        requeued);

    private static long One(bool counts) => counts ? 1 : 0;
}
