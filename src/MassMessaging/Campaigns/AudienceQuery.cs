using System.Data.Common;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients;

namespace MassMessaging.Campaigns;

/// <param name="Excluded">
/// Null when in the audience, else why not, the first that applies of: <c>erased</c> (named by id, and no client of the profile, any
/// more), <c>opted-out</c>, <c>invalid-phone</c>, <c>duplicate</c> (an older spelling of the number of another who is named),
/// <c>excluded-client</c>, <c>excluded-campaign</c>, <c>contacted-recently</c>, <c>frequency-cap</c>; where a window is asked for
/// also <c>window-closed</c>.
/// </param>
public sealed record Candidate(Guid ClientId, string Name, string Phone, string? Label, string? Excluded);

/// <param name="First">When the first of them may be written to; null: nobody is held.</param>
public sealed record HeldPairs(long Count, DateTimeOffset? First, DateTimeOffset? Last);

/// <summary>
/// Who an <see cref="AudienceSpec"/> means right now. The preview and the launch ask here, so they agree; Meta's window is the preview's
/// question alone: a launch plans everybody, for it is open or not when it is somebody's turn.
/// </summary>
public static class AudienceQuery
{
    // Phones are kept in canonical spelling (PhoneNumber). Rows that came from elsewhere, or before a rule, may not be. No patterns: what is no
    // number was told before, and a launch asks this of everybody.
    private const string Canonical = """
        case left(c.phone, 3)
            when '+52' then case when length(c.phone) = 14 and substr(c.phone, 4, 1) = '1' then '+52' || substr(c.phone, 5) else c.phone end
            when '+54' then case when length(c.phone) = 13 and substr(c.phone, 4, 1) not in ('0', '9') then '+549' || substr(c.phone, 4) else c.phone end
            when '+55' then case when length(c.phone) = 13 and substr(c.phone, 6, 1) in ('6', '7', '8', '9')
                                 then left(c.phone, 5) || '9' || substr(c.phone, 6) else c.phone end
            else c.phone
        end
        """;

    // +, a digit that is no zero, and 6 to 14 more.
    private const string NotAPhone = """
        (length(c.phone) not between 8 and 16 or left(c.phone, 1) <> '+' or substr(c.phone, 2, 1) = '0'
         or ltrim(substr(c.phone, 2), '0123456789') <> '')
        """;

    // One pass over the profile's clients in key order, however many pages: each goes on where the last one stopped. Contact dates, other
    // campaigns and messages of the last days are looked up by index, and only where they matter; long id lists are hashed by PostgreSQL.
    private static readonly string Clients = $"""
        select c.id, c.name, c.phone, c.label,
               case when c.opted_out_at is not null then 'opted-out'
                    when {NotAPhone} then 'invalid-phone'
                    when {Canonical} <> c.phone and exists (
                         select from client d
                         left join client_contact l on l.profile_id = d.profile_id and l.id = d.id
                         where d.profile_id = c.profile_id and d.phone = {Canonical} and {Included("d", "l")})
                         then 'duplicate'
                    when c.id = any(@excludeClients) then 'excluded-client'
                    when cardinality(@excludeCampaigns) > 0 and exists (
                         select from campaign_audience a
                         where a.profile_id = c.profile_id and a.client_id = c.id and a.campaign_id = any(@excludeCampaigns))
                         then 'excluded-campaign'
                    when k.last_contact_at >= @notContactedSince::timestamptz then 'contacted-recently'
                    when cap.messages is not null and cap.messages <= (
                         select count(*) from campaign_audience a
                         where a.profile_id = c.profile_id and a.client_id = c.id and a.attempted_at > cap.since
                           and a.status in ('sending', 'in_doubt', 'sent', 'delivered', 'read'))
                         then 'frequency-cap'
                    when @windowOf::text is not null and not exists (
                         select from whatsapp_pair w
                         where w.profile_id = c.profile_id and w.instance = @windowOf::text and w.phone = c.phone
                           and w.opened_at > @openSince::timestamptz)
                         then 'window-closed'
               end as excluded
        from client c
        left join client_contact k on k.profile_id = c.profile_id and k.id = c.id
        left join (
            select (policies -> 'frequencyCap' ->> 'messages')::int as messages,
                   @now - make_interval(days => (policies -> 'frequencyCap' ->> 'perDays')::int) as since
            from whatsapp_pacing where profile_id = @profile) cap on true
        where c.profile_id = @profile and (@after::uuid is null or c.id > @after::uuid) and (@until::uuid is null or c.id <= @until::uuid)
          and {Included("c", "k")}
        """;

    // Somebody else's client and one that never was read the same as one that was erased.
    private const string Gone = """
        select distinct named.id, '' as name, '' as phone, null::text as label, 'erased' as excluded
        from unnest(@clients::uuid[]) as named (id)
        where (@after::uuid is null or named.id > @after::uuid) and (@until::uuid is null or named.id <= @until::uuid)
          and not exists (select from client c where c.profile_id = @profile and c.id = named.id)
        """;

    private static readonly string OnePage = $"""
        ({Clients} order by id limit @limit) union all ({Gone} order by id limit @limit)
        order by id limit @limit
        """;

    private static readonly string Somebody = $"select exists (select from ({Clients}) candidate where candidate.excluded is null)";

    private static readonly string First = $"""
        select * from ({Clients}) candidate where candidate.excluded is null
        order by candidate.id limit @limit
        """;

    private static readonly string ByReason = $"""
        select candidate.excluded, count(*) from ({Clients} union all {Gone}) candidate
        group by candidate.excluded order by count(*) desc, candidate.excluded
        """;

    // As many digits as it takes to know the country.
    private static readonly string ByPrefix = $"""
        select left(candidate.phone, 7), count(*) from ({Clients}) candidate where candidate.excluded is null group by 1
        """;

    private static readonly string Pairs = $"""
        select count(*), min(held.until) as first, max(held.until) as last
        from ({Clients}) candidate
        cross join lateral (
            select greatest(
                (select w.held_until from whatsapp_pair w
                 where w.profile_id = @profile and w.instance = @instance and w.phone = candidate.phone and w.held_until > @now),
                (select max(a.attempted_at) + @spacing from campaign_audience a
                 where a.profile_id = @profile and a.client_id = candidate.id and a.attempted_at > @now - @spacing)) as until) held
        where candidate.excluded is null and held.until is not null
        """;

    /// <summary>
    /// Everyone that an include names, by client id, behind <paramref name="after"/> and up to <paramref name="until"/>; those left out carry
    /// the reason.
    /// </summary>
    public static Task<List<Candidate>> Page(
        ISession session, Guid profile, AudienceSpec spec, Guid? after, int limit, CancellationToken ct, Guid? until = null) =>
        session.Query(OnePage, ToCandidate, ct, [.. Arguments(profile, spec, after, session.Now, until: until), ("limit", limit)]);

    /// <summary>Somebody is included.</summary>
    public static async Task<bool> Any(ISession session, Guid profile, AudienceSpec spec, CancellationToken ct) =>
        (await session.Query(Somebody, row => row.GetBoolean(0), ct, Arguments(profile, spec, null, session.Now)))[0];

    /// <summary>How many are in (reason null), and left out for each reason.</summary>
    public static Task<List<(string? Excluded, long Count)>> Count(
        ISession session, Guid profile, AudienceSpec spec, CancellationToken ct, MetaWindow? window = null) => session.Query(
        ByReason, row => (row.TextOrNull("excluded"), row.Whole("count")), ct, Arguments(profile, spec, null, session.Now, window));

    /// <summary>The first who are included.</summary>
    public static Task<List<Candidate>> Sample(
        ISession session, Guid profile, AudienceSpec spec, int limit, CancellationToken ct, MetaWindow? window = null) =>
        session.Query(First, ToCandidate, ct, [.. Arguments(profile, spec, null, session.Now, window), ("limit", limit)]);

    /// <summary>Those included whom Meta's pair limit holds: how many, and when the first and the last of them may be written to.</summary>
    public static async Task<HeldPairs> Held(
        ISession session, Guid profile, AudienceSpec spec, string instance, CancellationToken ct, MetaWindow? window = null) =>
        (await session.Query(
            Pairs, row => new HeldPairs(row.GetInt64(0), row.TimeOrNull("first"), row.TimeOrNull("last")), ct,
            [.. Arguments(profile, spec, null, session.Now, window), ("instance", instance), ("spacing", MetaRules.PairSpacing)]))[0];

    /// <summary>How many are included in each country (empty: unknown): where they live says when they may be written to.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> ByCountry(
        ISession session, Guid profile, AudienceSpec spec, CancellationToken ct, MetaWindow? window = null) =>
        (await session.Query(
            ByPrefix, row => (Country: PhoneNumber.CountryOf(row.GetString(0)) ?? "", Count: row.GetInt64(1)), ct,
            Arguments(profile, spec, null, session.Now, window)))
        .GroupBy(part => part.Country).ToDictionary(country => country.Key, country => country.Sum(part => part.Count));

    private static string Included(string client, string contact) => $"""
        (@all or {client}.id = any(@clients) or {client}.label = any(@labels)
         or (@contactedBefore::timestamptz is not null and coalesce({contact}.last_contact_at, '-infinity') <= @contactedBefore::timestamptz))
        """;

    private static (string Name, object? Value)[] Arguments(Guid profile, AudienceSpec spec, Guid? after, DateTimeOffset now, MetaWindow? window = null, Guid? until = null) =>
    [
        ("profile", profile),
        ("now", now),
        ("after", after),
        ("until", until),
        ("all", spec.All),
        ("clients", spec.ClientIds.ToArray()),
        ("labels", spec.Labels.ToArray()),
        ("contactedBefore", spec.WithoutContactDays is { } days ? now.AddDays(-days) : null),
        ("excludeClients", spec.ExcludeClientIds.ToArray()),
        ("excludeCampaigns", spec.ExcludeCampaignIds.ToArray()),
        ("notContactedSince", spec.NotContactedSince),
        ("windowOf", window?.Instance),
        ("openSince", window?.OpenSince),
    ];

    private static Candidate ToCandidate(DbDataReader row) =>
        new(row.Id("id"), row.Text("name"), row.Text("phone"), row.TextOrNull("label"), row.TextOrNull("excluded"));
}
