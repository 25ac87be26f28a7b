using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>The words of an audience row's <c>status</c>; <c>Missing</c> is never shown.</summary>
public enum MemberStatus
{
    Missing,
    Pending,
    Sending,
    InDoubt,
    Sent,
    Delivered,
    Read,
    Failed,
    Skipped,
}

// Every member event carries its campaign, so that counters are a sum; those that can come from several states say which one (Was).
public sealed record MessageQueued(Guid CampaignId, Guid ClientId);

/// <param name="MessageId">Our id of the WhatsApp message (whatsappMessageId); a new one each attempt.</param>
/// <param name="SlotAt">The permit's slot on the lane: the gateway is called no earlier.</param>
public sealed record MessageAttempted(Guid CampaignId, Guid MessageId, DateTimeOffset SlotAt);

/// <summary>Attempted, and surely not sent: the member waits again.</summary>
public sealed record MessageReleased(Guid CampaignId, string Reason);

public sealed record MessageInDoubt(Guid CampaignId, string Reason);

public sealed record MessageSent(Guid CampaignId, Guid ClientId, DateTimeOffset SentAt, MemberStatus Was);

public sealed record MessageDelivered(Guid CampaignId, DateTimeOffset DeliveredAt, MemberStatus Was);

public sealed record MessageRead(Guid CampaignId, DateTimeOffset ReadAt, MemberStatus Was);

public sealed record MessageFailed(Guid CampaignId, string Reason, DateTimeOffset FailedAt, MemberStatus Was);

public sealed record MessageSkipped(Guid CampaignId, string Reason);

/// <param name="MessageId">The latest attempt: an outcome of an earlier one changes nothing.</param>
/// <param name="WasSentTo">The gateway accepted a message for this member: a failure after that came by receipt and may be raised again.</param>
public sealed record AudienceMember(MemberStatus Status, Guid CampaignId, Guid ClientId, Guid MessageId, bool WasSentTo) : IAggregate<AudienceMember>
{
    public static AudienceMember Initial { get; } = new(MemberStatus.Missing, Guid.Empty, Guid.Empty, Guid.Empty, WasSentTo: false);

    public static AudienceMember Evolve(AudienceMember state, object @event) => @event switch
    {
        MessageQueued queued => new(MemberStatus.Pending, queued.CampaignId, queued.ClientId, Guid.Empty, WasSentTo: false),
        MessageAttempted attempted => state with { Status = MemberStatus.Sending, MessageId = attempted.MessageId, WasSentTo = false },
        MessageReleased => state with { Status = MemberStatus.Pending },
        MessageInDoubt => state with { Status = MemberStatus.InDoubt },
        MessageSent => state with { Status = MemberStatus.Sent, WasSentTo = true },
        MessageDelivered => state with { Status = MemberStatus.Delivered, WasSentTo = true },
        MessageRead => state with { Status = MemberStatus.Read, WasSentTo = true },
        MessageFailed => state with { Status = MemberStatus.Failed },
        MessageSkipped => state with { Status = MemberStatus.Skipped },
        _ => state,
    };
}
