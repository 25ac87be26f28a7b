namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// A campaign's first messages go alone where the pacing has a canary; the pick leaves out campaigns whose first ones have gone
/// (<see cref="WaitingMembers"/>). In the tick's session, behind the lock of the lane; nothing is asked for lanes without the policy.
/// </summary>
public static class Canaries
{
    // A campaign under way when the policy comes has no first messages any more.
    private const string Begin = """
        insert into campaign_canary (profile_id, campaign_id, first, wait_seconds, max_failed_ratio, passed_at)
        select c.profile_id, c.id, p.first, p.wait, p.ratio, case when exists (
            select 1 from campaign_audience a where a.profile_id = c.profile_id and a.campaign_id = c.id
              and a.status in ('sending', 'in_doubt', 'sent', 'delivered', 'read', 'failed')) then @now end
        from unnest(@profiles::uuid[], @firsts::int[], @waits::int[], @ratios::float8[]) as p (profile_id, first, wait, ratio)
        join campaign c on c.profile_id = p.profile_id and c.status = 'sending'
        where not exists (select 1 from campaign_canary k where k.profile_id = c.profile_id and k.campaign_id = c.id)
        on conflict do nothing
        """;

    private const string Running = """
        select k.campaign_id, k.first - k.granted from campaign_canary k
        join campaign c on c.profile_id = k.profile_id and c.id = k.campaign_id and c.status = 'sending'
        where k.profile_id = any (@profiles) and k.passed_at is null and k.granted < k.first
        """;

    private const string Count = """
        update campaign_canary k set granted = k.granted + g.count,
            until = case when k.granted + g.count >= k.first then g.last + k.wait_seconds * interval '1 second' end
        from unnest(@profiles::uuid[], @campaigns::uuid[], @counts::int[], @lasts::timestamptz[]) as g (profile_id, campaign_id, count, last)
        where k.profile_id = g.profile_id and k.campaign_id = g.campaign_id and k.passed_at is null
        returning k.profile_id, k.campaign_id, k.until
        """;

    private const string GiveBack = """
        update campaign_canary k set granted = greatest(0, k.granted - g.count), until = null
        from unnest(@profiles::uuid[], @campaigns::uuid[], @counts::int[]) as g (profile_id, campaign_id, count)
        where k.profile_id = g.profile_id and k.campaign_id = g.campaign_id and k.passed_at is null
        """;

    /// <summary>How many of its first messages each campaign of these lanes has left; those that may send freely are not in it.</summary>
    public static async Task<Dictionary<Guid, int>> Left(ISession session, IEnumerable<DueLane> lanes, CancellationToken ct)
    {
        var cautious = lanes.Where(lane => lane.Policies?.Canary is not null).Select(lane => (lane.ProfileId, Canary: lane.Policies!.Canary!)).ToList();
        if (cautious.Count == 0) return [];

        var profiles = cautious.Select(lane => lane.ProfileId).ToArray();
        await session.Sql(
            Begin, ct, ("now", session.Now), ("profiles", profiles), ("firsts", cautious.Select(lane => lane.Canary.First).ToArray()),
            ("waits", cautious.Select(lane => lane.Canary.WaitSeconds).ToArray()),
            ("ratios", cautious.Select(lane => lane.Canary.MaxFailedRatio).ToArray()));
        return (await session.Query(Running, row => (row.GetGuid(0), row.GetInt32(1)), ct, ("profiles", profiles))).ToDictionary();
    }

    /// <summary>The members without those that their campaign's first messages leave no room for.</summary>
    public static ILookup<Guid, WaitingMember> Trim(ILookup<Guid, WaitingMember> waiting, IReadOnlyDictionary<Guid, int> left)
    {
        if (left.Count == 0) return waiting;

        var room = left.ToDictionary();
        return waiting.SelectMany(lane => lane).Where(HasRoom).ToLookup(member => member.ProfileId);

        bool HasRoom(WaitingMember member) =>
            member.LeftOut is not null || !room.TryGetValue(member.CampaignId, out var free) || (room[member.CampaignId] = free - 1) >= 0;
    }

    /// <summary>Counts what was granted; when it was the last of the first, their signals are waited for.</summary>
    public static async Task Granted(
        ISession session, IReadOnlyDictionary<Guid, int> left, IEnumerable<Permit> permits, CancellationToken ct)
    {
        var counts = permits.Where(permit => left.ContainsKey(permit.CampaignId)).GroupBy(permit => (permit.Member.Profile, permit.CampaignId))
            .Select(group => (group.Key, Count: group.Count(), Last: session.Now + group.Max(permit => permit.StartsIn))).ToList();
        if (counts.Count == 0) return;

        var gone = await session.Query(
            Count, row => (Profile: row.GetGuid(0), Campaign: row.GetGuid(1), IsOver: !row.IsDBNull(2)), ct,
            ("profiles", counts.Select(count => count.Key.Profile).ToArray()), ("campaigns", counts.Select(count => count.Key.CampaignId).ToArray()),
            ("counts", counts.Select(count => count.Count).ToArray()), ("lasts", counts.Select(count => count.Last).ToArray()));
        foreach (var (profile, campaign, _) in gone.Where(canary => canary.IsOver))
            session.Send(new JudgeCanary(profile, campaign), campaign.ToString(), session.Now + JudgeCanary.Look);
    }

    /// <summary>Surely nothing went to these: others take their places among the first.</summary>
    public static Task Return(ISession session, IEnumerable<Permit> unused, CancellationToken ct)
    {
        var counts = unused.GroupBy(permit => (permit.Member.Profile, permit.CampaignId)).ToList();
        return session.Sql(
            GiveBack, ct, ("profiles", counts.Select(count => count.Key.Profile).ToArray()),
            ("campaigns", counts.Select(count => count.Key.CampaignId).ToArray()), ("counts", counts.Select(count => count.Count()).ToArray()));
    }
}
