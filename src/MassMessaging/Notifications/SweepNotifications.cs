using MassMessaging.Kernel;

namespace MassMessaging.Notifications;

/// <summary>Removes notifications that are older than 90 days, read or not.</summary>
public sealed class SweepNotifications(IStore store)
{
    private const int Most = 5_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    private const string Delete = """
        delete from notification n using (select profile_id, id from notification where at < @before order by at limit @most) old
        where n.profile_id = old.profile_id and n.id = old.id
        """;

    public async Task RunOnce(CancellationToken ct)
    {
        int deleted;
        do
        {
            await using var session = store.Open(Origin.System);
            deleted = await session.Sql(Delete, ct, ("before", session.Now - KeptFor), ("most", Most));
            await session.Commit(ct);
        }
        while (deleted == Most);
    }
}

/// <summary>Runs <see cref="SweepNotifications"/> at the start and every hour.</summary>
public sealed class NotificationSweeper(SweepNotifications sweep, ILogger<NotificationSweeper> log)
    : PeriodicService(TimeSpan.FromHours(1), "Old notifications could not be removed", log)
{
    protected override Task Round(CancellationToken ct) => sweep.RunOnce(ct);
}
