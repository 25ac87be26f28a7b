using System.Data.Common;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Whose turn it is on the lanes that have rules about single members.</summary>
/// <param name="Searching">Lanes with more members to look at, none of whom could go so far: they are ticked again at once.</param>
/// <param name="Texts">Of lanes that guard against texts too alike.</param>
public sealed record PickedMembers(
    ILookup<Guid, WaitingMember> Members, IReadOnlyList<Guid> Searching, IReadOnlyDictionary<Guid, TextShares> Texts);

/// <summary>
/// Picks among members of whom some must wait. A hold is not written anywhere: each campaign has a place up to which everybody is held
/// (<see cref="CampaignScan"/>), and a tick looks at no more than <see cref="CampaignScan.LongestStep"/> members of a lane behind it, in
/// the same statements for all lanes. Who wrote lately comes first, where the profile wants that.
/// </summary>
public static class HeldMembers
{
    private const string Campaigns = """
        select c.profile_id, c.id, c.is_planned, s.after, s.step, s.wakes_at, s.wakes_by, s.rescan_at, s.asleep_until, s.held_by, s.held_until
        from campaign c
        left join campaign_scan s on s.profile_id = c.profile_id and s.campaign_id = c.id
        where c.profile_id = any (@profiles) and c.status = 'sending' and (s.asleep_until is null or s.asleep_until <= @now)
          and not exists (select 1 from campaign_canary k where k.profile_id = c.profile_id and k.campaign_id = c.id
                          and k.passed_at is null and k.granted >= k.first)
          and not exists (select 1 from campaign_restore k where k.profile_id = c.profile_id and k.campaign_id = c.id and k.checked_at is null)
        """;

    private const string Chunks = """
        select k.profile_id, k.campaign_id, m.id, m.client_id, m.version, m.variant, r.name, r.phone, client.opted_out_at is not null, m.label
        from unnest(@profiles::uuid[], @campaigns::uuid[], @afters::uuid[], @steps::int[]) as k (profile_id, campaign_id, after, step)
        cross join lateral (
            select a.id, a.client_id, a.version, a.variant, a.label from campaign_audience a
            where a.profile_id = k.profile_id and a.campaign_id = k.campaign_id and a.status = 'pending' and a.id > k.after
            order by a.id limit k.step) m
        left join campaign_recipient r on r.profile_id = k.profile_id and r.member_id = m.id
        left join client on client.profile_id = k.profile_id and client.id = m.client_id
        order by k.profile_id, k.campaign_id, m.id
        """;

    private const string Keep = """
        insert into campaign_scan
            (profile_id, campaign_id, after, step, wakes_at, wakes_by, rescan_at, asleep_until, held_by, held_until)
        select * from unnest(
            @profiles::uuid[], @campaigns::uuid[], @afters::uuid[], @steps::int[], @wakes::timestamptz[], @rules::text[],
            @rescans::timestamptz[], @asleep::timestamptz[], @holds::text[], @untils::timestamptz[])
        on conflict (profile_id, campaign_id) do update
        set after = excluded.after, step = excluded.step, wakes_at = excluded.wakes_at, wakes_by = excluded.wakes_by,
            rescan_at = excluded.rescan_at, asleep_until = excluded.asleep_until, held_by = excluded.held_by, held_until = excluded.held_until
        """;

    /// <param name="room">
    /// The locked lanes, each with the most members it can take now, by when their messages have arrived, and whether the day's limit
    /// leaves only who wrote lately.
    /// </param>
    public static async Task<PickedMembers> Next(
        ISession session, IReadOnlyCollection<(DueLane Lane, int Most, DateTimeOffset Horizon, bool OnlyReplies)> room, CancellationToken ct)
    {
        var lanes = room.ToDictionary(entry => entry.Lane.ProfileId);
        var scans = await session.Query(
            Campaigns, Scan, ct, ("now", session.Now), ("profiles", room.Where(entry => !entry.OnlyReplies).Select(entry => entry.Lane.ProfileId).ToArray()));
        var looks = await Look(session, [.. scans.Select(scan => scan.Kept.Begin(session.Now))], ct);
        var first = await ReplyLane.Waiting(session, [.. room.Where(entry => entry.Lane.Policies!.ReplyLane).Select(entry => (entry.Lane.ProfileId, entry.Most))], ct);
        var all = looks.SelectMany(look => look.Members).Concat(first).ToList();
        var recent = await RecentMessages.Of(session, all.Select(member => (member.ProfileId, member.ClientId, lanes[member.ProfileId].Lane.Policies!)), ct);
        var texts = await LaneTexts.Of(
            session, [.. room.Select(entry => (entry.Lane.ProfileId, entry.Lane.Policies!, entry.Lane.TimeZone))],
            [.. all.Select(member => (member.ProfileId, member.CampaignId)).Distinct()], ct);

        var picked = new List<WaitingMember>();
        var looked = new List<CampaignScan>();
        foreach (var (profile, (lane, most, horizon, _)) in lanes)
        {
            var rules = new MemberRules(lane.Policies!, lane.TimeZone, session.Now, horizon, recent, texts.GetValueOrDefault(profile));
            var judged = looks.FindAll(look => look.Scan.Campaign.Profile == profile)
                .ConvertAll(look => (Look: look, Holds: look.Members.ConvertAll(member => (Member: member.MemberId, Hold: Hold(rules, member)))));
            looked.AddRange(judged.ConvertAll(campaign => campaign.Look.Scan.Look(
                campaign.Holds, campaign.Look.IsEnd, session.Now,
                scans.Find(scan => scan.Kept.Campaign == campaign.Look.Scan.Campaign).IsPlanned ? CampaignScan.Nap : CampaignScan.ShortNap)));
            var turns = Turns(judged.Select(campaign => campaign.Look.Members.Where((_, place) => campaign.Holds[place].Hold is null)), lane.Turn);
            picked.AddRange(Take(rules, first.FindAll(member => member.ProfileId == profile), turns, most));
        }

        var before = scans.ToDictionary(scan => scan.Kept.Campaign, scan => scan.Kept);
        await KeepAll(session, looked.FindAll(scan => scan != before[scan.Campaign]), ct);
        var searching = looked.FindAll(scan => scan.IsSearching).Select(scan => scan.Campaign.Profile);
        return new(picked.ToLookup(member => member.ProfileId), [.. searching.Distinct()], texts);
    }

    private static MemberHold? Hold(MemberRules rules, WaitingMember member, bool wroteLately = false) => member.LeftOut is null
        ? rules.Hold(member.ClientId, member.Recipient!.Phone, new(member.CampaignId, member.Variant), wroteLately)
        : null;

    /// <summary>Each campaign's first before any one's second, starting behind the campaign served last.</summary>
    private static IEnumerable<WaitingMember> Turns(IEnumerable<IEnumerable<WaitingMember>> campaigns, Guid? turn) => campaigns
        .SelectMany(members => members.Select((member, place) => (member, place)))
        .OrderBy(one => one.place).ThenBy(one => turn is { } last && one.member.CampaignId <= last).ThenBy(one => one.member.CampaignId)
        .Select(one => one.member);

    /// <summary>Asked again one by one: what this tick gives counts already, for a client in two campaigns and for a text.</summary>
    private static IEnumerable<WaitingMember> Take(MemberRules rules, List<WaitingMember> first, IEnumerable<WaitingMember> turns, int most)
    {
        var taken = new HashSet<Guid>();
        foreach (var (member, isFirst) in first.Select(member => (member, true)).Concat(turns.Select(member => (member, false))))
        {
            if (taken.Count == most) yield break;
            if (taken.Contains(member.MemberId) || Hold(rules, member, isFirst) is not null) continue;
            taken.Add(member.MemberId);
            if (member.LeftOut is null) rules.Grant(member.ClientId, new(member.CampaignId, member.Variant));
            yield return member;
        }
    }

    private static async Task<List<(CampaignScan Scan, List<WaitingMember> Members, bool IsEnd)>> Look(
        ISession session, IReadOnlyList<CampaignScan> scans, CancellationToken ct)
    {
        var shares = scans.GroupBy(scan => scan.Campaign.Profile).ToDictionary(lane => lane.Key, lane => CampaignScan.LongestStep / lane.Count());
        var steps = scans.Select(scan => Math.Clamp(scan.Step, 1, Math.Max(CampaignScan.FirstStep, shares[scan.Campaign.Profile]))).ToArray();
        var members = (await session.Query(
            Chunks, WaitingMembers.Read, ct, ("profiles", scans.Select(scan => scan.Campaign.Profile).ToArray()),
            ("campaigns", scans.Select(scan => scan.Campaign.Id).ToArray()), ("afters", scans.Select(scan => scan.After).ToArray()),
            ("steps", steps))).ToLookup(member => new StreamKey(member.ProfileId, member.CampaignId));
        return [.. scans.Zip(steps, (scan, step) => (scan, members[scan.Campaign].ToList(), members[scan.Campaign].Count() < step))];
    }

    private static async Task KeepAll(ISession session, List<CampaignScan> scans, CancellationToken ct)
    {
        if (scans.Count == 0) return;
        await session.Sql(
            Keep, ct, ("profiles", scans.ConvertAll(scan => scan.Campaign.Profile).ToArray()),
            ("campaigns", scans.ConvertAll(scan => scan.Campaign.Id).ToArray()), ("afters", scans.ConvertAll(scan => scan.After).ToArray()),
            ("steps", scans.ConvertAll(scan => scan.Step).ToArray()), ("wakes", scans.ConvertAll(scan => scan.WakesAt).ToArray()),
            ("rules", scans.ConvertAll(scan => scan.WakesBy).ToArray()), ("rescans", scans.ConvertAll(scan => scan.RescanAt).ToArray()),
            ("asleep", scans.ConvertAll(scan => scan.AsleepUntil).ToArray()), ("holds", scans.ConvertAll(scan => scan.HeldBy).ToArray()),
            ("untils", scans.ConvertAll(scan => scan.HeldUntil).ToArray()));
    }

    private static (CampaignScan Kept, bool IsPlanned) Scan(DbDataReader row)
    {
        var campaign = new StreamKey(row.GetGuid(0), row.GetGuid(1));
        return (
            row.IsDBNull(3)
                ? new CampaignScan(campaign)
                : new CampaignScan(
                    campaign, row.GetGuid(3), row.GetInt32(4), row.TimeOrNull("wakes_at"), row.TextOrNull("wakes_by"),
                    row.TimeOrNull("rescan_at"), row.TimeOrNull("asleep_until"), row.TextOrNull("held_by"), row.TimeOrNull("held_until")),
            row.GetBoolean(2));
    }
}
