using System.Data.Common;

namespace MassMessaging.Campaigns;

/// <param name="Excluded">
/// Null when in the audience, else why not: <c>opted-out</c>, <c>excluded-client</c>, <c>excluded-campaign</c>, <c>contacted-recently</c>.
/// </param>
public sealed record Candidate(Guid ClientId, string Name, string Phone, string? Excluded);

/// <summary>Who an <see cref="AudienceSpec"/> means right now.</summary>
public static class AudienceQuery
{
    // One pass over the profile's clients in key order, however many pages: each goes on where the last one stopped. Contact dates and
    // other campaigns are looked up by index, and only where the spec asks for them; long id lists are hashed by PostgreSQL.
    private const string Candidates = """
        select c.id, c.name, c.phone,
               case when c.opted_out_at is not null then 'opted-out'
                    when c.id = any(@excludeClients) then 'excluded-client'
                    when cardinality(@excludeCampaigns) > 0 and exists (
                         select from campaign_audience a
                         where a.profile_id = c.profile_id and a.client_id = c.id and a.campaign_id = any(@excludeCampaigns))
                         then 'excluded-campaign'
                    when k.last_contact_at >= @notContactedSince::timestamptz then 'contacted-recently'
               end as excluded
        from client c
        left join client_contact k on k.profile_id = c.profile_id and k.id = c.id
        where c.profile_id = @profile and (@after::uuid is null or c.id > @after::uuid)
          and (@all or c.id = any(@clients) or c.label = any(@labels)
               or (@contactedBefore::timestamptz is not null and coalesce(k.last_contact_at, '-infinity') <= @contactedBefore::timestamptz))
        """;

    private const string OnePage = $"{Candidates} order by c.id limit @limit";

    private const string Somebody = $"select exists (select from ({Candidates}) candidate where candidate.excluded is null)";

    private const string Included = $"""
        select * from ({Candidates}) candidate where candidate.excluded is null
        order by candidate.id limit @limit
        """;

    private const string ByReason = $"""
        select candidate.excluded, count(*) from ({Candidates}) candidate
        group by candidate.excluded order by count(*) desc, candidate.excluded
        """;

    /// <summary>Everyone that an include names, by client id, behind <paramref name="after"/>; those left out carry the reason.</summary>
    public static Task<List<Candidate>> Page(
        ISession session, Guid profile, AudienceSpec spec, Guid? after, int limit, CancellationToken ct) =>
        session.Query(OnePage, ToCandidate, ct, [.. Arguments(profile, spec, after, session.Now), ("limit", limit)]);

    /// <summary>Somebody is included.</summary>
    public static async Task<bool> Any(ISession session, Guid profile, AudienceSpec spec, CancellationToken ct) =>
        (await session.Query(Somebody, row => row.GetBoolean(0), ct, Arguments(profile, spec, null, session.Now)))[0];

    /// <summary>How many are in (reason null), and left out for each reason.</summary>
    public static Task<List<(string? Excluded, long Count)>> Count(
        ISession session, Guid profile, AudienceSpec spec, CancellationToken ct) => session.Query(
        ByReason, row => (row.TextOrNull("excluded"), row.Whole("count")), ct, Arguments(profile, spec, null, session.Now));

    /// <summary>The first who are included.</summary>
    public static Task<List<Candidate>> Sample(ISession session, Guid profile, AudienceSpec spec, int limit, CancellationToken ct) =>
        session.Query(Included, ToCandidate, ct, [.. Arguments(profile, spec, null, session.Now), ("limit", limit)]);

    private static (string Name, object? Value)[] Arguments(Guid profile, AudienceSpec spec, Guid? after, DateTimeOffset now) =>
    [
        ("profile", profile),
        ("after", after),
        ("all", spec.All),
        ("clients", spec.ClientIds.ToArray()),
        ("labels", spec.Labels.ToArray()),
        ("contactedBefore", spec.WithoutContactDays is { } days ? now.AddDays(-days) : null),
        ("excludeClients", spec.ExcludeClientIds.ToArray()),
        ("excludeCampaigns", spec.ExcludeCampaignIds.ToArray()),
        ("notContactedSince", spec.NotContactedSince),
    ];

    private static Candidate ToCandidate(DbDataReader row) =>
        new(row.Id("id"), row.Text("name"), row.Text("phone"), row.TextOrNull("excluded"));
}
