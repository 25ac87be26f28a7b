using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// What clients were sent within the frequency cap's days, over all campaigns; what is in flight or in doubt counts as sent. The same
/// rule as <see cref="AudienceQuery"/>'s, asked again when a slot is granted.
/// </summary>
public static class RecentMessages
{
    private const string Select = """
        select k.client_id, array(
                   select a.attempted_at from campaign_audience a
                   where a.profile_id = k.profile_id and a.client_id = k.client_id and a.attempted_at > k.since
                     and a.status in ('sending', 'in_doubt', 'sent', 'delivered', 'read')
                   order by a.attempted_at desc limit k.messages)
        from unnest(@profiles::uuid[], @clients::uuid[], @sinces::timestamptz[], @messages::int[]) as k (profile_id, client_id, since, messages)
        """;

    /// <summary>As many of each as the cap counts, latest first, of the members whose lane has one; in one statement.</summary>
    public static async Task<IReadOnlyDictionary<Guid, IReadOnlyList<DateTimeOffset>>> Of(
        ISession session, IEnumerable<(Guid Profile, Guid Client, PacingPolicies Policies)> members, CancellationToken ct)
    {
        var capped = members.Where(one => one.Policies.FrequencyCap is not null).DistinctBy(one => one.Client).ToList();
        if (capped.Count == 0) return new Dictionary<Guid, IReadOnlyList<DateTimeOffset>>();
        return (await session.Query(
            Select, row => (Client: row.GetGuid(0), Times: row.GetFieldValue<DateTimeOffset[]>(1)), ct,
            ("profiles", capped.ConvertAll(one => one.Profile).ToArray()),
            ("clients", capped.ConvertAll(one => one.Client).ToArray()),
            ("sinces", capped.ConvertAll(one => MemberRules.CountedSince(one.Policies, session.Now)!.Value).ToArray()),
            ("messages", capped.ConvertAll(one => one.Policies.FrequencyCap!.Messages).ToArray())))
            .ToDictionary(one => one.Client, one => (IReadOnlyList<DateTimeOffset>)one.Times);
    }
}
