using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Views;

/// <summary>
/// View <c>campaign-audience</c>, inline: what sending and receipts read. Name and phone are joined from campaign_recipient.
/// </summary>
public sealed record AudienceRow(
    Guid ProfileId, Guid Id, Guid CampaignId, Guid ClientId, Guid? WhatsappMessageId, MemberStatus Status, string? Reason, int Attempts,
    DateTimeOffset QueuedAt, DateTimeOffset? AttemptedAt, DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt,
    DateTimeOffset? RepliedAt, DateTimeOffset? FailedAt, string? Variant, string? Label, long Version) : IRowView<AudienceRow>
{
    public static string ViewName => "campaign-audience";

    public static string Table => "campaign_audience";

    public static bool ReadsOrigin => false;

    public static Guid? RowOf(RecordedEvent recorded) => recorded.Data is IMemberEvent ? recorded.Stream.Id : null;

    public static AudienceRow? Evolve(AudienceRow? row, RecordedEvent recorded) => recorded.Data switch
    {
        MessageQueued queued => new(
            recorded.Stream.Profile, recorded.Stream.Id, queued.CampaignId, queued.ClientId, null, MemberStatus.Pending, null, 0,
            recorded.At, null, null, null, null, null, null, queued.Variant, queued.Label, recorded.Version),
        _ when row is null => null,
        _ => Change(row, recorded),
    };

    private static AudienceRow Change(AudienceRow row, RecordedEvent recorded) => recorded.Data switch
    {
        MessageAttempted attempted => row with
        {
            Version = recorded.Version,
            Status = MemberStatus.Sending,
            AttemptedAt = attempted.SlotAt,
            WhatsappMessageId = attempted.MessageId,
            Attempts = row.Attempts + 1,
            Reason = null,
            SentAt = null,
            DeliveredAt = null,
            ReadAt = null,
            FailedAt = null,
        },
        MessageReleased released => row with { Version = recorded.Version, Status = MemberStatus.Pending, Reason = released.Reason },
        MessageInDoubt doubt => row with { Version = recorded.Version, Status = MemberStatus.InDoubt, Reason = doubt.Reason },
        MessageSent sent => row with { Version = recorded.Version, Status = MemberStatus.Sent, SentAt = sent.SentAt, Reason = null },
        MessageDelivered delivered => row with
        {
            Version = recorded.Version,
            Status = MemberStatus.Delivered,
            DeliveredAt = delivered.DeliveredAt,
            SentAt = row.SentAt ?? delivered.DeliveredAt,
            Reason = null,
            FailedAt = null,
        },
        MessageRead read => row with
        {
            Version = recorded.Version,
            Status = MemberStatus.Read,
            ReadAt = read.ReadAt,
            DeliveredAt = row.DeliveredAt ?? read.ReadAt,
            SentAt = row.SentAt ?? read.ReadAt,
            Reason = null,
            FailedAt = null,
        },
        MessageFailed failed => row with { Version = recorded.Version, Status = MemberStatus.Failed, Reason = failed.Reason, FailedAt = failed.FailedAt },
        MessageSkipped skipped => row with { Version = recorded.Version, Status = MemberStatus.Skipped, Reason = skipped.Reason },
        MessageReplied replied => row with { Version = recorded.Version, RepliedAt = row.RepliedAt ?? replied.RepliedAt },
        MessageRequeued => row with
        {
            Version = recorded.Version,
            Status = MemberStatus.Pending,
            WhatsappMessageId = null,
            Reason = null,
            AttemptedAt = null,
            SentAt = null,
            DeliveredAt = null,
            ReadAt = null,
            FailedAt = null,
        },
        _ => row with { Version = recorded.Version },
    };
}
