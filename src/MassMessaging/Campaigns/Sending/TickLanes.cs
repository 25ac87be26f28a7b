using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// One tick over all lanes that are due: locks them, takes the members whose turn it is, marks them attempted, and commits; only then do
/// permits exist. A handful of statements and one commit, whatever the number of lanes.
/// </summary>
public sealed class TickLanes(IStore store, NodeId node, GatewayCalls calls, SendingOptions options, Random random)
{
    private const string Advance = """
        update lane l set ring = t.ring, next_at = t.next_at, turn = coalesce(t.turn, l.turn), owner = @node,
            day = t.day, granted_today = t.granted, breaker_probe_at = t.probe_at, held_until = t.probe_at + @probe_wait,
            held_by = case when t.probe_at is not null then 'breaker' end
        from unnest(
            @profiles::uuid[], @rings::bytea[], @nexts::timestamptz[], @turns::uuid[], @days::date[], @granted::int[], @probes::timestamptz[])
            as t (profile_id, ring, next_at, turn, day, granted, probe_at)
        where l.profile_id = t.profile_id
        """;

    private const string Release = "update lane set owner = null where owner = @node and profile_id <> all (@calling)";

    /// <summary>The lanes that granted something, with when each may go on.</summary>
    public async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> RunOnce(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        var now = session.Now;
        var openedAt = store.Clock.GetTimestamp(); // Behind Now: a permit starts late rather than early.
        session.PlanOnce(); // planning the look for due lanes takes longer than the look
        var lanes = await DueLanes.LockDue(session, node.Value, calls.BusyLanes(), options, ct);
        var limits = lanes.ConvertAll(lane => (
            Lane: lane,
            Room: LaneLimits.Room(lane, now, now + options.Ahead + lane.Rate.Slack, calls.InFlight(lane.ProfileId), options.HolderGone)));
        var isBound = await LaneHolds.Bound(session, limits, ct);
        var share = (options.MostATick + limits.Count - 1) / Math.Max(1, limits.Count);
        var room = limits.ConvertAll(entry => (entry.Lane, Grants: Grants(entry.Lane, entry.Room, now, share), entry.Room.IsProbe, OnlyReplies: entry.Room.Replies > 0))
            .FindAll(lane => lane.Grants.Count > 0);
        if (room.Count == 0) return await Nothing(session, isBound, ct);

        var canaries = await Canaries.Left(session, room.Select(entry => entry.Lane), ct);
        var picked = await Pick(session, room.ConvertAll(entry => (entry.Lane, entry.Grants, entry.OnlyReplies)), ct);
        var waiting = Canaries.Trim(await MetaRules.Apply(session, lanes, picked.Members, ct), canaries);
        var looking = picked.Searching.Where(profile => !waiting.Contains(profile)).ToDictionary(profile => profile, _ => now);
        if (waiting.Count == 0)
            return await Nothing(session, isBound || room.Exists(entry => MemberRules.AreIn(entry.Lane.Policies)), ct, looking);

        var permits = new List<Permit>();
        var moved = room.Where(entry => waiting.Contains(entry.Lane.ProfileId))
            .Select(entry => Take(session, entry.Lane, entry.Grants, entry.IsProbe, [.. waiting[entry.Lane.ProfileId]], permits, openedAt)).ToList();
        permits = await IdentifiedClients.Claim(session, permits, ct);
        await calls.Prepare(session, permits, ct);
        await LaneTexts.Count(session, lanes, picked.Texts, permits, ct);
        session.AtCommit(
            Advance, ("node", node.Value), ("profiles", moved.Select(lane => lane.Lane.ProfileId).ToArray()),
            ("rings", moved.Select(lane => lane.Ring.Write()).ToArray()), ("nexts", moved.Select(lane => lane.NextAt).ToArray()),
            ("turns", moved.Select(lane => lane.Turn).ToArray()), ("days", moved.Select(lane => lane.State.Day).ToArray()),
            ("granted", moved.Select(lane => lane.State.Granted).ToArray()),
            ("probes", moved.Select(lane => lane.State.Breaker.ProbeAt).ToArray()), ("probe_wait", options.HolderGone));
        await Canaries.Granted(session, canaries, permits, ct);
        var freed = moved.Where(lane => LaneLimits.IsLimit(lane.Lane.Hold?.By) && lane.State.Breaker.ProbeAt is null && !(lane.Lane.Hold?.Until > now)).ToList();
        if (freed.Count > 0) await HoldNotices.Free(session, [.. freed.Select(lane => lane.Lane.ProfileId)], ct);
        await Commit(session, permits, ct);
        foreach (var (lane, _, nextAt, _, _) in moved) looking[lane.ProfileId] = nextAt;
        return looking;
    }

    /// <summary>Lanes without rules about members pay nothing for those that have some.</summary>
    private async Task<PickedMembers> Pick(ISession session, List<(DueLane Lane, IReadOnlyList<Grant> Grants, bool OnlyReplies)> room, CancellationToken ct)
    {
        var asked = room.ConvertAll(entry => (
            entry.Lane, Most: entry.Grants.Count + (MetaRules.AreFor(entry.Lane) ? MetaRules.LookAhead : 0), entry.OnlyReplies));
        var ruled = asked.FindAll(entry => MemberRules.AreIn(entry.Lane.Policies));
        var simple = asked.FindAll(entry => !MemberRules.AreIn(entry.Lane.Policies)).ConvertAll(entry => (entry.Lane, entry.Most));
        var members = simple.Count == 0 ? Enumerable.Empty<WaitingMember>().ToLookup(member => member.ProfileId) : await WaitingMembers.Next(session, simple, ct);
        if (ruled.Count == 0) return new(members, [], new Dictionary<Guid, TextShares>());

        var picked = await HeldMembers.Next(
            session, ruled.ConvertAll(entry => (entry.Lane, entry.Most, session.Now + options.Ahead + entry.Lane.Rate.Slack, entry.OnlyReplies)), ct);
        return simple.Count == 0
            ? picked
            : picked with { Members = members.Concat(picked.Members).SelectMany(lane => lane).ToLookup(member => member.ProfileId) };
    }

    /// <summary>Hands the lanes to the other nodes at once, but for those with calls in flight here.</summary>
    public async Task Leave(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        await session.Sql(Release, ct, ("node", node.Value), ("calling", calls.CallingLanes()));
        await session.Commit(ct);
    }

    private async Task Commit(ISession session, List<Permit> permits, CancellationToken ct)
    {
        try
        {
            await session.Commit(ct);
        }
        catch (Exception error) when (error is not ConcurrencyException)
        {
            // It may have committed all the same: whoever is marked was surely not called, and is released.
            calls.Forgo(permits);
            throw;
        }

        calls.Start(permits);
    }

    /// <summary>A lane that stands still may have been held; canaries may have begun, and places moved.</summary>
    private static async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> Nothing(
        ISession session, bool isChanged, CancellationToken ct, IReadOnlyDictionary<Guid, DateTimeOffset>? looking = null)
    {
        if (isChanged) await session.Commit(ct);
        return looking ?? new Dictionary<Guid, DateTimeOffset>();
    }

    private IReadOnlyList<Grant> Grants(DueLane lane, LaneRoom limit, DateTimeOffset now, int share) => lane.Instance is null
        ? []
        : LanePace.Grants(
            lane.Ring, lane.Rate, now, lane.NextAt, now + options.Ahead,
            Math.Min(Math.Min(share, lane.Rate.CallsAtOnce - calls.InFlight(lane.ProfileId)), Math.Max(limit.Most, limit.Replies)), random);

    private static (DueLane Lane, SlotRing Ring, DateTimeOffset NextAt, Guid Turn, LaneState State) Take(
        ISession session, DueLane lane, IReadOnlyList<Grant> grants, bool isProbe, IReadOnlyList<WaitingMember> members, List<Permit> permits, long openedAt)
    {
        var (ring, nextAt, state, zone) = (lane.Ring, lane.NextAt, lane.State, ClientZones.Find(lane.TimeZone));
        var turns = grants.Zip(members.Where(member => member.LeftOut is null)).ToList();
        foreach (var (grant, member) in turns)
        {
            (ring, nextAt) = (ring.Add(grant.At, lane.Rate), grant.NextAt);
            state = LaneLimits.Granted(state, grant.At, zone, isProbe);
            var attempt = new MessageAttempted(member.CampaignId, Guid.CreateVersion7(session.Now), grant.At, member.Variant, member.Label);
            session.Append(member.Key, member.Version, attempt);
            permits.Add(new Permit(
                member.Key, member.CampaignId, member.ClientId, member.Variant, attempt.MessageId, lane.Instance!, member.Recipient!,
                lane.Epoch, openedAt,
                grant.At - session.Now, lane.Rate, lane.Holds > 0, AsTemplate: member.AsTemplate, Day: state.Day, IsProbe: isProbe,
                Marked: new(member.Key, member.Version + 1, AudienceMember.Evolve(member.Queued, attempt))));
        }

        foreach (var leftOut in members.Where(member => member.LeftOut is not null))
        {
            session.Append(
                leftOut.Key, leftOut.Version, new MessageSkipped(leftOut.CampaignId, leftOut.LeftOut!, leftOut.Variant, leftOut.Label));
            session.Send(new SettleCampaign(leftOut.ProfileId, leftOut.CampaignId), leftOut.CampaignId.ToString());
        }

        return (lane, ring, nextAt, turns.Count > 0 ? turns[^1].Second.CampaignId : members[^1].CampaignId, state);
    }
}
