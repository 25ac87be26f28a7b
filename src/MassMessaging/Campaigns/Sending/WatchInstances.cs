using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Asks the gateway how instances stand that somebody waits for, to send or to be linked: webhooks tell it, too, but are lost when the
/// gateway restarts. Each is asked by one node, an open one every minute, another every ten seconds, so many a round. Meta's numbers have
/// no such state.
/// </summary>
internal sealed class WatchInstances(IStore store, EvolutionInstances gateway)
{
    private const int MostARound = 20;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(1);

    /// <summary>A person with a QR code before them; whoever comes later asks how it stands.</summary>
    private static readonly TimeSpan Linking = TimeSpan.FromMinutes(10);

    /// <summary>A socket that comes back by itself does so sooner.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromMinutes(1);

    // The mark keeps other nodes off. Before the first connect nobody knows whether the gateway should know the instance.
    private const string Claim = """
        update whatsapp_config w set state_checked_at = @now
        from (
            select o.profile_id from whatsapp_config o
            where o.webhook_secret is not null and o.instance not like 'cloud:%'
              and coalesce(o.state_checked_at, '-infinity') <= @now - case when o.state = 'open' then @stale else @soon end
              and (exists (select 1 from campaign c where c.profile_id = o.profile_id and c.status = 'sending')
                   or (o.state = 'connecting' and o.state_since > @now - @linking))
            order by o.state_checked_at nulls first
            limit @most
            for update skip locked) due
        where w.profile_id = due.profile_id
        returning w.profile_id, w.instance, w.closed_at
        """;

    public async Task RunOnce(CancellationToken ct)
    {
        List<(Guid Profile, string Instance, DateTimeOffset? ClosedAt)> due;
        await using (var session = store.Open(Origin.System))
        {
            due = await session.Query(
                Claim, row => (row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(2)), ct,
                ("now", session.Now), ("soon", Soon), ("stale", Stale), ("linking", Linking), ("most", MostARound));
            await session.Commit(ct);
        }

        await Task.WhenAll(due.Select(instance => Ask(instance.Profile, instance.Instance, instance.ClosedAt, ct)));
    }

    private async Task Ask(Guid profile, string instance, DateTimeOffset? closedAt, CancellationToken ct)
    {
        var askedAt = store.Clock.GetUtcNow();
        InstanceState? state;
        try
        {
            state = await gateway.State(instance, ct);
        }
        catch (ProblemException)
        {
            return; // A gateway that is away says nothing of the number.
        }

        await using var session = store.Open(Origin.System);
        if (state is null) session.Send(new StopLane(profile, "instance-missing"), profile.ToString());
        else await WhatsAppConfig.Record(session, new(instance, state.Value, null, null, askedAt), ct);
        if (state == InstanceState.Close && closedAt <= session.Now - WorthTelling) await HoldNotices.Held(session, [profile], ct);
        await session.Commit(ct);
    }
}

/// <summary>Runs <see cref="WatchInstances"/> every five seconds.</summary>
internal sealed class InstanceWatcher(WatchInstances watch, ILogger<InstanceWatcher> log)
    : PeriodicService(TimeSpan.FromSeconds(5), "Instances could not be asked how they stand", log, atStart: false)
{
    protected override Task Round(CancellationToken ct) => watch.RunOnce(ct);
}
