using System.Data.Common;

namespace MassMessaging.Campaigns;

/// <summary>A member of a campaign's audience as the API shows it.</summary>
/// <param name="WhatsappMessageId">Our id of the latest attempt's message.</param>
/// <param name="GatewayMessageId">The gateway's, which receipts name.</param>
/// <param name="NextAttemptAt">While it waits and is held: when it goes on, if that is known.</param>
/// <param name="HeldBy">While it waits: what holds it.</param>
/// <param name="Variant">Name of the variant that it gets; null when the campaign has none.</param>
/// <param name="RepliedAt">Of the first reply.</param>
public sealed record AudienceAnswer(
    Guid Id, Guid ProfileId, Guid CampaignId, Guid ClientId, Guid? WhatsappMessageId, string? GatewayMessageId, MemberStatus Status,
    string? Reason, string? ErrorMessage, long Attempts, DateTimeOffset? NextAttemptAt, string? HeldBy, string? Variant,
    DateTimeOffset QueuedAt, DateTimeOffset? AttemptedAt, DateTimeOffset? SentAt,
    DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt, DateTimeOffset? RepliedAt,
    DateTimeOffset? FailedAt, DateTimeOffset CreatedAt)
{
    public static AudienceAnswer Read(DbDataReader row) => new(
        row.Id("id"), row.Id("profile_id"), row.Id("campaign_id"), row.Id("client_id"), row.IdOrNull("whatsapp_message_id"),
        row.TextOrNull("gateway_id"), Words.Parse<MemberStatus>(row.Text("status")), row.TextOrNull("reason"),
        row.TextOrNull("error_message"), row.Whole("attempts"),
        row.TimeOrNull("held_until"), row.TextOrNull("held_by"), row.TextOrNull("variant_name"), row.Time("queued_at"),
        row.TimeOrNull("attempted_at"), row.TimeOrNull("sent_at"), row.TimeOrNull("delivered_at"), row.TimeOrNull("read_at"),
        row.TimeOrNull("replied_at"), row.TimeOrNull("failed_at"), row.Time("queued_at"));
}
