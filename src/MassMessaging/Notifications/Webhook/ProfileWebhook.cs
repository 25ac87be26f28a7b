using System.Data.Common;
using MassMessaging.Kernel;

namespace MassMessaging.Notifications.Webhook;

/// <summary>Where a profile wants its notifications sent, as it is stored.</summary>
/// <param name="Secret">Encrypted.</param>
/// <param name="Events">Codes; empty is all.</param>
/// <param name="LastFailure">A stable code; see <see cref="WebhookCalls.Post"/>.</param>
public sealed record ProfileWebhook(
    string Url, string Secret, IReadOnlyList<string> Events, DateTimeOffset? LastDeliveredAt, DateTimeOffset? LastFailedAt, string? LastFailure)
{
    private const string Select = """
        select url, secret, events, last_delivered_at, last_failed_at, last_failure from notification_webhook where profile_id = @profile
        """;

    // What became of deliveries to another address says nothing about this one.
    private const string Upsert = """
        insert into notification_webhook as w (profile_id, url, secret, events, created_at, updated_at)
        values (@profile, @url, @secret, @events, @now, @now)
        on conflict (profile_id) do update set
            url = excluded.url, secret = excluded.secret, events = excluded.events, updated_at = excluded.updated_at,
            last_delivered_at = case when w.url = excluded.url then w.last_delivered_at end,
            last_failed_at = case when w.url = excluded.url then w.last_failed_at end,
            last_failure = case when w.url = excluded.url then w.last_failure end
        """;

    private const string Delete = "delete from notification_webhook where profile_id = @profile";

    private const string UpdateDelivered = "update notification_webhook set last_delivered_at = @now where profile_id = @profile and url = @url";

    private const string UpdateFailed = """
        update notification_webhook set last_failed_at = @now, last_failure = @failure where profile_id = @profile and url = @url
        """;

    public static async Task<ProfileWebhook?> Find(IStore store, Guid profile, CancellationToken ct) =>
        (await store.Query(Select, Read, ct, ("profile", profile))).SingleOrDefault();

    public static async Task<ProfileWebhook?> Lock(ISession session, Guid profile, CancellationToken ct) =>
        (await session.Query($"{Select} for update", Read, ct, ("profile", profile))).SingleOrDefault();

    public static Task Save(ISession session, Guid profile, ProfileWebhook webhook, CancellationToken ct) => session.Sql(
        Upsert, ct, ("profile", profile), ("url", webhook.Url), ("secret", webhook.Secret), ("events", webhook.Events.ToArray()),
        ("now", session.Now));

    public static Task Remove(ISession session, Guid profile, CancellationToken ct) => session.Sql(Delete, ct, ("profile", profile));

    public static Task Delivered(ISession session, Guid profile, string url, CancellationToken ct) =>
        session.Sql(UpdateDelivered, ct, ("profile", profile), ("url", url), ("now", session.Now));

    public static Task Failed(ISession session, Guid profile, string url, string failure, CancellationToken ct) =>
        session.Sql(UpdateFailed, ct, ("profile", profile), ("url", url), ("failure", failure), ("now", session.Now));

    private static ProfileWebhook Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetFieldValue<string[]>(2), Time(row, 3), Time(row, 4), row.IsDBNull(5) ? null : row.GetString(5));

    private static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
