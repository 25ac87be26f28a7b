using MassMessaging.Campaigns.Launching;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Restores;

/// <summary>
/// Holds everything that would go out by itself from a restored database: whoever waits in it may have been written to since the copy was
/// made. One transaction, before anything is granted; a person resumes each campaign.
/// </summary>
public sealed class HoldRestored(IStore store, SendingOptions options, StartGrace grace, ILogger<HoldRestored> log)
{
    /// <summary>The <c>statusReason</c> of what is held, and the <c>reason</c> of who is in doubt for it.</summary>
    public const string Reason = "restored";

    private const int Chunk = 500;

    // Every campaign that can still send, also a draft: it may have been launched in the lost time.
    private const string Note = """
        insert into campaign_restore as r (profile_id, campaign_id, lost_from, lost_until)
        select profile_id, id, @from, @now from campaign where status <> 'cancelled'
        on conflict (profile_id, campaign_id) do update
        set lost_from = case when r.checked_at is null then least(r.lost_from, excluded.lost_from) else excluded.lost_from end,
            lost_until = excluded.lost_until, asked_at = null, checked_at = null
        """;

    // The slots of the lost time are unknown: the ring begins anew behind a whole window.
    private const string Rest = """
        update lane l set next_at = greatest(l.next_at, @now + make_interval(secs => coalesce(
            (select p.per_seconds from whatsapp_pacing p where p.profile_id = l.profile_id), @window)))
        """;

    private const string GiveUpConfirmations = "update consent_word set confirmation = 'given_up' where confirmation = 'waiting'";

    private const string GoingOut = "select profile_id, id from campaign where status in ('sending', 'scheduled') order by profile_id, id";

    /// <summary>When a node starts: a copy of a server's files is known by its silence alone.</summary>
    public async Task AtStart(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        var latest = session.Now - grace.Longest;
        if (await KnownDatabase.WasSilentSince(session, latest, ct)) await Hold(session, latest, ct);
        else await RunOnce(ct);
    }

    /// <summary>Answers whether the database was another one.</summary>
    public async Task<bool> RunOnce(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        if (!await KnownDatabase.Beat(session, ct)) return await Hold(session, null, ct);

        await session.Commit(ct);
        return false;
    }

    /// <summary>The last node that leaves says so; others say that they are there a moment later.</summary>
    public async Task SignOff(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        await KnownDatabase.SignOff(session, ct);
        await session.Commit(ct);
    }

    private async Task<bool> Hold(ISession session, DateTimeOffset? wasSilent, CancellationToken ct)
    {
        if (await KnownDatabase.TakeOver(session, wasSilent, ct) is not { } from) return false;

        await session.Sql(Note, ct, ("from", from), ("now", session.Now));
        await session.Sql(Rest, ct, ("now", session.Now), ("window", options.Defaults.Window.TotalSeconds));
        await session.Sql(GiveUpConfirmations, ct);
        var held = await session.Query(GoingOut, row => new StreamKey(row.GetGuid(0), row.GetGuid(1)), ct);
        foreach (var chunk in held.Chunk(Chunk)) await Pause(session, chunk, ct);
        await session.Commit(ct);
        log.LogWarning(
            "This database is a copy of {LostFrom:u}, or was left alone since: {Count} campaigns are paused, and the gateway is asked what was sent",
            from, held.Count);
        return true;
    }

    private static async Task Pause(ISession session, IReadOnlyCollection<StreamKey> keys, CancellationToken ct)
    {
        foreach (var (key, campaign) in await session.LoadMany<Campaign>(keys, ct))
            if (ChangeCampaign.Hold(campaign.State) is Decision.Accepted { Events.Count: > 0 } paused)
            {
                session.Append(key, campaign.Version, paused.Events);
                await CampaignNotices.Paused(session, campaign, Reason, ct);
            }
    }
}
