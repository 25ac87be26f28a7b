using MassMessaging.Campaigns;
using MassMessaging.Kernel;

namespace MassMessaging.Analytics.Views;

/// <summary>When an event counts, and what it tells of times. Pure.</summary>
public static class MessageTimes
{
    /// <summary>Every time zone's hours and days begin at one of these.</summary>
    public static readonly TimeSpan QuarterHour = TimeSpan.FromMinutes(15);

    /// <summary>Of the attempt that the event is about; of events without one, when they were recorded.</summary>
    public static DateTimeOffset Quarter(RecordedEvent recorded) => Floor(SlotOf(recorded.Data) ?? recorded.At);

    public static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % QuarterHour.Ticks), TimeSpan.Zero);

    /// <summary>
    /// Milliseconds from the message's slot to the gateway's yes. What was settled out of a doubt has none: when it was taken is not known.
    /// </summary>
    public static long? Send(object data) =>
        data is MessageSent { Was: MemberStatus.Sending, SlotAt: { } slot } sent ? Between(slot, sent.SentAt) : null;

    /// <summary>Milliseconds from the gateway's yes to the receipt of the delivery. What was read without one has none.</summary>
    public static long? Delivery(object data) => data is MessageDelivered { SentAt: { } sent } delivered ? Between(sent, delivered.DeliveredAt) : null;

    // The gateway tells whole seconds of its own clock.
    private static long Between(DateTimeOffset from, DateTimeOffset to) => Math.Max(0, (to - from).Ticks / TimeSpan.TicksPerMillisecond);

    private static DateTimeOffset? SlotOf(object data) => data switch
    {
        MessageAttempted attempted => attempted.SlotAt,
        MessageReleased released => released.SlotAt,
        MessageInDoubt doubt => doubt.SlotAt,
        MessageSent sent => sent.SlotAt,
        MessageDelivered delivered => delivered.SlotAt,
        MessageRead read => read.SlotAt,
        MessageReplied replied => replied.SlotAt,
        MessageFailed failed => failed.SlotAt,
        MessageRequeued requeued => requeued.SlotAt,
        _ => null,
    };
}
