using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Who wrote to the advisor within a day is in conversation: such a member passes the limits meant for cold messages, and goes first. Noted
/// when the message comes, when a launch plans somebody who wrote before it, and when the policy is switched on; so a tick looks at those
/// alone. Kept for profiles with the policy only; who wrote within the day (<c>client_wrote</c>) for all.
/// </summary>
public sealed class ReplyLane : IPacingSubscriber
{
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(24);

    /// <summary>Looked at by a tick to find out who is served.</summary>
    private const int Tidied = 200;

    /// <summary>Of lane <c>l</c>: whether somebody waits in its reply lane.</summary>
    public const string IsWaitedIn = """
        exists (select 1 from reply_lane q
                join campaign_audience a on a.profile_id = q.profile_id and a.id = q.member_id and a.status = 'pending'
                join campaign c on c.profile_id = q.profile_id and c.id = q.campaign_id and c.status = 'sending'
                where q.profile_id = l.profile_id and q.until > @now)
        """;

    private const string IsOn = "(select coalesce((policies ->> 'replyLane')::boolean, false) from whatsapp_pacing where profile_id = ";

    // Whoever waits for a message may be in several campaigns; the place of each is looked at anew.
    private const string OnMessage = $"""
        with waiting as (
            insert into reply_lane as q (profile_id, member_id, campaign_id, client_id, until)
            select distinct on (a.profile_id, a.id) a.profile_id, a.id, a.campaign_id, a.client_id, m.at + @lasts
            from unnest(@profiles::uuid[], @clients::uuid[], @ats::timestamptz[]) as m (profile_id, client_id, at)
            join campaign_audience a on a.profile_id = m.profile_id and a.client_id = m.client_id and a.status in ('pending', 'sending')
            where m.at > @now - @lasts and {IsOn} m.profile_id)
            order by a.profile_id, a.id, m.at desc
            on conflict (profile_id, member_id) do update set until = greatest(q.until, excluded.until)
            returning profile_id, campaign_id)
        update campaign_scan s set asleep_until = @now from waiting w
        where s.profile_id = w.profile_id and s.campaign_id = w.campaign_id and s.asleep_until > @now
        """;

    // Noted for every client, also one who was never sent to and whatever the policy: it may be switched on, and a campaign launched, later.
    private const string Note = """
        insert into client_wrote as w (profile_id, client_id, at)
        select m.profile_id, m.client_id, max(m.at)
        from unnest(@profiles::uuid[], @clients::uuid[], @ats::timestamptz[]) as m (profile_id, client_id, at)
        where m.at > @now - @lasts
        group by m.profile_id, m.client_id
        order by m.profile_id, m.client_id
        on conflict (profile_id, client_id) do update set at = excluded.at where w.at < excluded.at
        """;

    private const string OnLaunch = $"""
        insert into reply_lane (profile_id, member_id, campaign_id, client_id, until)
        select @profile, m.member_id, @campaign, m.client_id, wrote.at + @lasts
        from unnest(@members::uuid[], @clients::uuid[], @phones::text[]) as m (member_id, client_id, phone)
        cross join lateral (
            select greatest(
                (select w.at from client_wrote w where w.profile_id = @profile and w.client_id = m.client_id),
                (select p.opened_at from whatsapp_pair p join whatsapp_config w on w.profile_id = p.profile_id and w.instance = p.instance
                 where p.profile_id = @profile and p.phone = m.phone)) as at) wrote
        where {IsOn} @profile) and wrote.at > @now - @lasts
        on conflict do nothing
        """;

    private const string OnSwitch = """
        insert into reply_lane (profile_id, member_id, campaign_id, client_id, until)
        select a.profile_id, a.id, a.campaign_id, a.client_id, w.at + @lasts
        from client_wrote w
        join campaign_audience a on a.profile_id = w.profile_id and a.client_id = w.client_id and a.status in ('pending', 'sending')
        where w.profile_id = @profile and w.at > @now - @lasts
        on conflict do nothing
        """;

    private const string Select = """
        with served as (
            delete from reply_lane q using (
                select l.profile_id, q.member_id
                from unnest(@profiles::uuid[]) as l (profile_id)
                cross join lateral (
                    select member_id from reply_lane where profile_id = l.profile_id order by until limit @tidied) q
                join campaign_audience a on a.profile_id = l.profile_id and a.id = q.member_id
                where a.status not in ('pending', 'sending')) gone
            where q.profile_id = gone.profile_id and q.member_id = gone.member_id)
        select q.profile_id, q.campaign_id, q.member_id, q.client_id, q.version, q.variant, r.name, r.phone, client.opted_out_at is not null, q.label
        from unnest(@profiles::uuid[], @counts::int[]) as l (profile_id, most)
        cross join lateral (
            select q.profile_id, q.campaign_id, q.member_id, q.client_id, q.until, a.version, a.variant, a.label
            from reply_lane q
            join campaign_audience a on a.profile_id = q.profile_id and a.id = q.member_id and a.status = 'pending'
            join campaign c on c.profile_id = q.profile_id and c.id = q.campaign_id and c.status = 'sending'
            where q.profile_id = l.profile_id and q.until > @now
              and not exists (select 1 from campaign_restore k where k.profile_id = c.profile_id and k.campaign_id = c.id and k.checked_at is null)
            order by q.until limit l.most) q
        left join campaign_recipient r on r.profile_id = q.profile_id and r.member_id = q.member_id
        left join client on client.profile_id = q.profile_id and client.id = q.client_id
        order by q.profile_id, q.until
        """;

    private const string OffSwitch = "delete from reply_lane where profile_id = @profile";

    private const string Drop = """
        with wrote as (delete from client_wrote where at < @now - @lasts)
        delete from reply_lane where until < @now
        """;

    private const string Forget = """
        with wrote as (delete from client_wrote where profile_id = @profile and client_id = any (@clients))
        delete from reply_lane where profile_id = @profile and client_id = any (@clients)
        """;

    /// <summary>These clients wrote. Before any stream is locked.</summary>
    public static async Task Wrote(ISession session, IReadOnlyList<(Guid Profile, Guid Client, DateTimeOffset At)> wrote, CancellationToken ct)
    {
        if (wrote.Count == 0) return;

        (string, object?)[] arguments =
        [
            ("now", session.Now), ("lasts", Lasts), ("profiles", wrote.Select(one => one.Profile).ToArray()),
            ("clients", wrote.Select(one => one.Client).ToArray()), ("ats", wrote.Select(one => one.At).ToArray()),
        ];
        await session.Sql(Note, ct, arguments);
        await session.Sql(OnMessage, ct, arguments);
    }

    /// <summary>These members are being planned.</summary>
    public static void Planned(ISession session, StreamKey campaign, IReadOnlyList<Guid> members, IReadOnlyList<Candidate> candidates) =>
        session.AtCommit(
            OnLaunch, ("now", session.Now), ("lasts", Lasts), ("profile", campaign.Profile), ("campaign", campaign.Id),
            ("members", members.ToArray()), ("clients", candidates.Select(candidate => candidate.ClientId).ToArray()),
            ("phones", candidates.Select(candidate => candidate.Phone).ToArray()));

    /// <summary>Who waits in this lane, the longest ago first; up to so many of each profile.</summary>
    public static Task<List<WaitingMember>> Waiting(ISession session, IReadOnlyList<(Guid Profile, int Most)> lanes, CancellationToken ct) =>
        lanes.Count == 0
            ? Task.FromResult(new List<WaitingMember>())
            : session.Query(
                Select, WaitingMembers.Read, ct, ("now", session.Now), ("tidied", Tidied),
                ("profiles", lanes.Select(lane => lane.Profile).ToArray()), ("counts", lanes.Select(lane => lane.Most).ToArray()));

    public Task Changed(Guid profile, Pacing was, Pacing pacing, ISession session, CancellationToken ct) => (was.ReplyLane, pacing.ReplyLane) switch
    {
        (false, true) => session.Sql(OnSwitch, ct, ("now", session.Now), ("lasts", Lasts), ("profile", profile)),
        (true, false) => session.Sql(OffSwitch, ct, ("profile", profile)),
        _ => Task.CompletedTask,
    };

    public static Task DropOld(ISession session, CancellationToken ct) => session.Sql(Drop, ct, ("now", session.Now), ("lasts", Lasts));

    public static Task Erase(ISession session, Guid profile, IReadOnlyList<Guid> clients, CancellationToken ct) =>
        session.Sql(Forget, ct, ("profile", profile), ("clients", clients.ToArray()));
}
