using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MassMessaging.Kernel;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

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

/// <summary>
/// Every member event carries its campaign, its variant and its label, so that figures are sums; those that can come from several states
/// say which one (<c>Was</c>), those about an attempt which one (<c>SlotAt</c>), and those that end a failure what it was for
/// (<c>FailedFor</c>). Events from before these fields are without them.
/// </summary>
public interface IMemberEvent
{
    Guid CampaignId { get; }

    /// <summary>Key of the campaign's variant (<see cref="Variants"/>): its name is the advisor's text and stays beside the log.</summary>
    string? Variant { get; }

    /// <summary>The client's when the launch planned the message. Not on events that no figure counts.</summary>
    string? Label => null;
}

/// <param name="Variant">Of a campaign with variants: which one, <c>A</c> to <c>E</c>; else it is missing.</param>
public sealed record MessageQueued(
    Guid CampaignId, Guid ClientId, [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null) : IMemberEvent;

/// <param name="MessageId">Our id of the WhatsApp message (whatsappMessageId); a new one each attempt.</param>
/// <param name="SlotAt">The permit's slot on the lane: the gateway is called no earlier.</param>
public sealed record MessageAttempted(
    Guid CampaignId, Guid MessageId, DateTimeOffset SlotAt,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null) : IMemberEvent;

/// <summary>Attempted, and surely not sent: the member waits again.</summary>
public sealed record MessageReleased(
    Guid CampaignId, string Reason, [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] DateTimeOffset? SlotAt = null) : IMemberEvent;

public sealed record MessageInDoubt(
    Guid CampaignId, string Reason, [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] DateTimeOffset? SlotAt = null) : IMemberEvent;

public sealed record MessageSent(
    Guid CampaignId, Guid ClientId, DateTimeOffset SentAt, MemberStatus Was,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] DateTimeOffset? SlotAt = null) : IMemberEvent;

/// <param name="SentAt">When the gateway took it; missing where that was settled out of a doubt, and so is not known.</param>
public sealed record MessageDelivered(
    Guid CampaignId, DateTimeOffset DeliveredAt, MemberStatus Was,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] DateTimeOffset? SlotAt = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] DateTimeOffset? SentAt = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? FailedFor = null) : IMemberEvent;

public sealed record MessageRead(
    Guid CampaignId, DateTimeOffset ReadAt, MemberStatus Was,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] DateTimeOffset? SlotAt = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? FailedFor = null) : IMemberEvent;

/// <param name="Again">The member had replied before: it counts once.</param>
public sealed record MessageReplied(
    Guid CampaignId, Guid ClientId, DateTimeOffset RepliedAt, bool Again = false,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] DateTimeOffset? SlotAt = null) : IMemberEvent;

public sealed record MessageFailed(
    Guid CampaignId, string Reason, DateTimeOffset FailedAt, MemberStatus Was,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] DateTimeOffset? SlotAt = null) : IMemberEvent;

public sealed record MessageSkipped(
    Guid CampaignId, string Reason, [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null) : IMemberEvent;

/// <summary>A person's retry: the member waits again, and what is still told of the earlier attempt changes nothing any more.</summary>
public sealed record MessageRequeued(
    Guid CampaignId, MemberStatus Was, [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Label = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] DateTimeOffset? SlotAt = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? FailedFor = null) : IMemberEvent;

/// <summary>A person's word on a message in doubt; the event behind it in the stream is what became of it.</summary>
/// <param name="Outcome">It was sent; it was not, and is tried again; or it was not, for good.</param>
public sealed record DoubtResolved(
    Guid CampaignId, Doubts.Verdict Outcome, [property: JsonIgnore(Condition = WhenWritingNull)] string? Variant = null) : IMemberEvent
{
    /// <summary>Version 1 said <c>verdict</c> where the request, the answers and the audit say <c>outcome</c>.</summary>
    public static JsonObject FromVersion1(JsonObject older)
    {
        older["outcome"] = older["verdict"]?.DeepClone();
        older.Remove("verdict");
        return older;
    }
}

/// <param name="MessageId">
/// The latest attempt: an outcome of an earlier one changes nothing. Empty until the first one, and after a requeue.
/// </param>
/// <param name="WasSentTo">
/// The gateway accepted a message for this member: a failure after that came by receipt and may be raised again.
/// </param>
/// <param name="SlotAt">Of the latest attempt, also after a requeue: what is told until the next one is about it.</param>
/// <param name="SentAt">When the gateway took it, if that is known.</param>
/// <param name="FailedFor">While it is failed.</param>
public sealed record AudienceMember(
    MemberStatus Status, Guid CampaignId, Guid ClientId, Guid MessageId, bool WasSentTo, bool HasReplied = false, string? Variant = null,
    string? Label = null, DateTimeOffset? SlotAt = null, DateTimeOffset? SentAt = null, string? FailedFor = null)
    : IAggregate<AudienceMember>
{
    public static AudienceMember Initial { get; } = new(MemberStatus.Missing, Guid.Empty, Guid.Empty, Guid.Empty, WasSentTo: false);

    public static AudienceMember Evolve(AudienceMember state, object @event) => @event switch
    {
        MessageQueued queued => Initial with
        {
            Status = MemberStatus.Pending,
            CampaignId = queued.CampaignId,
            ClientId = queued.ClientId,
            Variant = queued.Variant,
            Label = queued.Label,
        },
        MessageAttempted attempted => state with
        {
            Status = MemberStatus.Sending,
            MessageId = attempted.MessageId,
            WasSentTo = false,
            SlotAt = attempted.SlotAt,
            SentAt = null,
        },
        MessageReleased => state with { Status = MemberStatus.Pending },
        MessageInDoubt => state with { Status = MemberStatus.InDoubt },
        MessageSent sent => state with
        {
            Status = MemberStatus.Sent,
            WasSentTo = true,
            SentAt = sent.Was == MemberStatus.Sending ? sent.SentAt : null,
        },
        MessageDelivered => state with { Status = MemberStatus.Delivered, WasSentTo = true, FailedFor = null },
        MessageRead => state with { Status = MemberStatus.Read, WasSentTo = true, FailedFor = null },
        MessageReplied => state with { HasReplied = true },
        MessageFailed failed => state with { Status = MemberStatus.Failed, FailedFor = failed.Reason },
        MessageSkipped => state with { Status = MemberStatus.Skipped },
        MessageRequeued => state with { Status = MemberStatus.Pending, MessageId = Guid.Empty, WasSentTo = false, FailedFor = null },
        _ => state,
    };
}
