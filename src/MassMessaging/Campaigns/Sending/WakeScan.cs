using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Somebody waits again who may be behind the place of a campaign (<see cref="CampaignScan"/>): it is looked through from the beginning,
/// at once. In a session of its own, after theirs: what is lost with a process costs a nap.
/// </summary>
public static class WakeScan
{
    // A tick in progress has not seen them, and would put the campaign to sleep after this.
    private const string Lock = "select 1 from lane where profile_id = any (@profiles) order by profile_id for update";

    // One that is still looking sleeps at its end until what it passed first ends: that is now.
    private const string Wake = """
        update campaign_scan s
        set asleep_until = case when s.asleep_until > @now then @now else s.asleep_until end,
            wakes_at = case when s.asleep_until is null then @now else s.wakes_at end
        from unnest(@profiles::uuid[], @campaigns::uuid[]) as w (profile_id, campaign_id)
        where s.profile_id = w.profile_id and s.campaign_id = w.campaign_id
        """;

    private const string AnyScanned = """
        select exists (
            select 1 from unnest(@profiles::uuid[], @campaigns::uuid[]) as w (profile_id, campaign_id)
            join whatsapp_pacing p on p.profile_id = w.profile_id
            where (p.policies ->> 'quietHours') is not null or (p.policies ->> 'frequencyCap') is not null
               or (p.policies ->> 'similarText') is not null or (p.policies ->> 'replyLane')::boolean)
        """;

    /// <summary>After the session that let them wait has committed.</summary>
    public static async Task For(IStore store, IEnumerable<StreamKey> campaigns, CancellationToken ct)
    {
        var keys = campaigns.Distinct().Order().ToList();
        if (keys.Count == 0) return;

        await using var session = store.Open(Origin.System);
        (string, object?)[] waiting = [("profiles", keys.ConvertAll(key => key.Profile).ToArray()), ("campaigns", keys.ConvertAll(key => key.Id).ToArray())];
        if (!(await session.Query(AnyScanned, row => row.GetBoolean(0), ct, waiting))[0]) return; // no rules about members: no places

        await session.Query(Lock, row => row.GetInt32(0), ct, waiting[0]);
        await session.Sql(Wake, ct, [.. waiting, ("now", session.Now)]);
        await session.Commit(ct);
    }
}
