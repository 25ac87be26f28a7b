using MassMessaging.Kernel;
using MassMessaging.Notifications.Webhook;

namespace MassMessaging.Notifications;

/// <summary>A notification was committed, and has no number yet.</summary>
public sealed record NotificationTold(Guid ProfileId, Guid Id);

/// <summary>
/// Numbers what was told, in a transaction of its own that holds the profile's counter until it commits: numbers become visible in their
/// order, which the times and ids that causes gave cannot promise. The counter is not in the cause's transaction, where it would be one
/// more lock among streams and lanes.
/// </summary>
public sealed class NumberNotifications : IHandle<NotificationTold>
{
    private const string Number = """
        with told as materialized (
            select n.profile_id, n.id, row_number() over (partition by n.profile_id order by n.at, n.id) as place,
                count(*) over (partition by n.profile_id) as total
            from unnest(@profiles::uuid[], @ids::uuid[]) as t (profile_id, id)
            join notification n on n.profile_id = t.profile_id and n.id = t.id
            where n.seq is null
        ),
        counter as (
            insert into notification_counter as c (profile_id, last)
            select profile_id, max(total) from told group by profile_id order by profile_id
            on conflict (profile_id) do update set last = c.last + excluded.last
            returning profile_id, last
        )
        update notification n set seq = c.last - t.total + t.place
        from told t
        join counter c on c.profile_id = t.profile_id
        where n.profile_id = t.profile_id and n.id = t.id
        """;

    public async Task Handle(IReadOnlyList<NotificationTold> messages, ISession session, CancellationToken ct)
    {
        await session.Sql(
            Number, ct, ("profiles", messages.Select(told => told.ProfileId).ToArray()), ("ids", messages.Select(told => told.Id).ToArray()));
        await DeliverNotification.Ask(session, messages, ct);
    }
}
