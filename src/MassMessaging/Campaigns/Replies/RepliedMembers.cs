using MassMessaging.Clients;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Replies;

/// <summary>Whose answer a message is, and to what.</summary>
/// <param name="MemberId">The last message that the client was sent, or the one quoted; null: none ever.</param>
public sealed record MatchedReply(IncomingMessage Message, Guid ClientId, Guid? MemberId, Guid CampaignId)
{
    public StreamKey? Member => MemberId is { } id ? new StreamKey(Message.Profile, id) : null;
}

public static class RepliedMembers
{
    // Whoever quotes a message of ours got it: that is surer than a phone, which may be spelled otherwise or not be shown at all.
    private const string Match = """
        select r.place, c.id, coalesce(quoted.member_id, last.id), coalesce(quoted.campaign_id, last.campaign_id)
        from unnest(@profiles::uuid[], @instances::text[], @phones::text[], @quoted::text[], @ats::timestamptz[]) with ordinality
            as r (profile_id, instance, phone, quoted, at, place)
        left join lateral (
            select a.id as member_id, a.campaign_id, a.client_id
            from gateway_message g
            join campaign_audience a on a.profile_id = g.profile_id and a.id = g.member_id
            where g.instance = r.instance and g.gateway_id = r.quoted and g.profile_id = r.profile_id) quoted on true
        left join client p on p.phone = r.phone and p.profile_id = r.profile_id
        join client c on c.profile_id = r.profile_id and c.id = coalesce(quoted.client_id, p.id)
        left join lateral (
            select a.id, a.campaign_id from campaign_audience a
            where a.profile_id = r.profile_id and a.client_id = c.id and a.attempted_at <= r.at and a.sent_at is not null
            order by a.attempted_at desc limit 1) last on quoted.member_id is null
        """;

    private const string RememberAliases = """
        insert into whatsapp_alias as known (profile_id, alias, phone, seen_at)
        select distinct on (profile_id, alias) profile_id, alias, phone, @now
        from unnest(@profiles::uuid[], @aliases::text[], @phones::text[]) as seen (profile_id, alias, phone)
        order by profile_id, alias
        on conflict (profile_id, alias) do update set phone = excluded.phone, seen_at = excluded.seen_at where known.phone <> excluded.phone
        """;

    private const string PhonesOfAliases = """
        select k.profile_id, k.alias, k.phone
        from whatsapp_alias k
        join unnest(@profiles::uuid[], @aliases::text[]) as a (profile_id, alias) on a.profile_id = k.profile_id and a.alias = k.alias
        """;

    /// <summary>Those that are from clients, in the order given.</summary>
    public static async Task<IReadOnlyList<MatchedReply>> Of(ISession session, IReadOnlyList<IncomingMessage> messages, CancellationToken ct)
    {
        var phones = await Phones(session, messages, ct);
        var matched = await session.Query(
            Match, row => new MatchedReply(
                messages[(int)row.GetInt64(0) - 1], row.GetGuid(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.IsDBNull(3) ? default : row.GetGuid(3)),
            ct, ("profiles", messages.Select(message => message.Profile).ToArray()),
            ("instances", messages.Select(message => message.Instance).ToArray()), ("phones", phones),
            ("quoted", messages.Select(message => message.QuotedId).ToArray()), ("ats", messages.Select(message => message.At).ToArray()));
        return [.. matched.OrderBy(reply => reply.Message.At)];
    }

    /// <summary>Canonical; by alias where the gateway showed nothing else.</summary>
    private static async Task<string?[]> Phones(ISession session, IReadOnlyList<IncomingMessage> messages, CancellationToken ct)
    {
        var phones = messages.Select(message => message.From is { } from && PhoneNumber.TryParse(from, "", out var phone) ? phone : null).ToArray();
        var known = messages.Zip(phones).Where(one => one is { First.Alias: not null, Second: not null }).ToList();
        if (known.Count > 0)
            await session.Sql(
                RememberAliases, ct, ("now", session.Now), ("profiles", known.ConvertAll(one => one.First.Profile).ToArray()),
                ("aliases", known.ConvertAll(one => one.First.Alias).ToArray()), ("phones", known.ConvertAll(one => one.Second).ToArray()));

        var hidden = messages.Where((message, place) => phones[place] is null && message.Alias is not null).ToList();
        if (hidden.Count == 0) return phones;

        var found = (await session.Query(
            PhonesOfAliases, row => (Key: (row.GetGuid(0), row.GetString(1)), Phone: row.GetString(2)), ct,
            ("profiles", hidden.ConvertAll(message => message.Profile).ToArray()), ("aliases", hidden.ConvertAll(message => message.Alias).ToArray())))
            .ToDictionary(one => one.Key, one => one.Phone);
        return [.. messages.Select((message, place) => phones[place] ?? found.GetValueOrDefault((message.Profile, message.Alias ?? "")))];
    }
}
