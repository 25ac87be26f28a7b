using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Which attempt is the first message ever sent to a client, over all campaigns, nodes and retries. Claimed with the mark of the attempt;
/// given back when that attempt surely was not sent or was refused; kept while in doubt. Claimed also where identification is switched
/// off: who was written to is not written to for the first time later. Rows are locked before the members' streams.
/// </summary>
public static class IdentifiedClients
{
    // Two campaigns of a lane may reach the same client in one tick: the first slot has it. A member that is attempted again has it again.
    // Lateral with offset 0 keeps to one probe a client: the planner, who cannot know how many there are, read through them all.
    private const string ClaimFirst = """
        insert into client_identified as i (profile_id, client_id, member_id, message_id, claimed_at)
        select distinct on (a.profile_id, a.client_id) a.profile_id, a.client_id, a.member_id, a.message_id, @now
        from unnest(@profiles::uuid[], @clients::uuid[], @members::uuid[], @messages::uuid[]) with ordinality
            as a (profile_id, client_id, member_id, message_id, place)
        left join lateral (
            select k.client_id, k.member_id from client_identified k
            where k.profile_id = a.profile_id and k.client_id = a.client_id offset 0) known on true
        where known.client_id is null or known.member_id = a.member_id
        order by a.profile_id, a.client_id, a.place
        on conflict (profile_id, client_id) do update set message_id = excluded.message_id, claimed_at = excluded.claimed_at
            where i.member_id = excluded.member_id
        returning message_id
        """;

    private const string GiveUp = """
        delete from client_identified i
        using (select profile_id, client_id, message_id
               from unnest(@profiles::uuid[], @clients::uuid[], @messages::uuid[]) as a (profile_id, client_id, message_id)) a
        where i.profile_id = a.profile_id and i.client_id = a.client_id and i.message_id = a.message_id
        """;

    /// <summary>The permits, each with whether it is its client's first. In the tick's own transaction.</summary>
    public static async Task<List<Permit>> Claim(ISession session, List<Permit> permits, CancellationToken ct)
    {
        if (permits.Count == 0) return permits;
        var first = (await session.Query(
            ClaimFirst, row => row.GetGuid(0), ct, ("now", session.Now),
            ("profiles", permits.Select(permit => permit.Member.Profile).ToArray()),
            ("clients", permits.Select(permit => permit.ClientId).ToArray()),
            ("members", permits.Select(permit => permit.Member.Id).ToArray()),
            ("messages", permits.Select(permit => permit.MessageId).ToArray()))).ToHashSet();
        return permits.ConvertAll(permit => permit with { IsFirst = first.Contains(permit.MessageId) });
    }

    /// <summary>Whoever was not reached was not identified. A claim that another attempt holds by now stays.</summary>
    public static async Task GiveBack(ISession session, IReadOnlyList<CallOutcome> outcomes, CancellationToken ct)
    {
        var unsent = outcomes.Where(one => one.Permit.IsFirst && one.Outcome is not (SendOutcome.Accepted or SendOutcome.Unknown))
            .Select(one => one.Permit).ToList();
        if (unsent.Count == 0) return;
        await session.Sql(
            GiveUp, ct, ("profiles", unsent.ConvertAll(permit => permit.Member.Profile).ToArray()),
            ("clients", unsent.ConvertAll(permit => permit.ClientId).ToArray()),
            ("messages", unsent.ConvertAll(permit => permit.MessageId).ToArray()));
    }
}
