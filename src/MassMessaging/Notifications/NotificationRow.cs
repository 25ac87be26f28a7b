using System.Data.Common;

namespace MassMessaging.Notifications;

/// <param name="Code">One of <see cref="NotificationCodes"/>.</param>
/// <param name="CampaignId">Null when it is about no single campaign.</param>
/// <param name="Text">In Spanish, for people.</param>
/// <param name="ReadAt">Null until the advisor has read it.</param>
public sealed record NotificationRow(Guid Id, string Code, Guid? CampaignId, string Text, DateTimeOffset At, DateTimeOffset? ReadAt)
{
    public const string Columns = "id, code, campaign_id, text, at, read_at";

    public static NotificationRow Read(DbDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4),
        row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5));
}
