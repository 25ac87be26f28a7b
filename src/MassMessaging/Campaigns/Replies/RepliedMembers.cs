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
    // Whoever quotes a message of ours got it: that is surer than a phone, which may be spelled otherwise or not be shown at all. An answer
    // may come before the outcome of its own question is known. The gateway tells whole seconds of its own clock.
    private const string Match = """
        select r.place, c.id, coalesce(quoted.member_id, last.id), coalesce(quoted.campaign_id, last.campaign_id)
        from unnest(@profiles::uuid[], @instances::text[], @phones::text[], @aliases::text[], @quoted::text[], @ats::timestamptz[])
            with ordinality as r (profile_id, instance, phone, alias, quoted, at, place)
        left join lateral (
            select a.id as member_id, a.campaign_id, a.client_id
            from gateway_message g
            join campaign_audience a on a.profile_id = g.profile_id and a.id = g.member_id
            where g.instance = r.instance and g.gateway_id = r.quoted and g.profile_id = r.profile_id) quoted on true
        left join client p on p.phone = r.phone and p.profile_id = r.profile_id
        left join whatsapp_alias k on k.profile_id = r.profile_id and k.alias = r.alias
        join client c on c.profile_id = r.profile_id and c.id = coalesce(quoted.client_id, p.id, k.client_id)
        left join lateral (
            select a.id, a.campaign_id from campaign_audience a
            where a.profile_id = r.profile_id and a.client_id = c.id and a.attempted_at <= r.at + interval '1 minute'
              and (a.sent_at is not null or a.status in ('sending', 'in_doubt'))
            order by a.attempted_at desc limit 1) last on quoted.member_id is null
        """;

    private const string RememberAliases = """
        insert into whatsapp_alias as known (profile_id, alias, client_id, seen_at)
        select distinct on (profile_id, alias) profile_id, alias, client_id, @now
        from unnest(@profiles::uuid[], @aliases::text[], @clients::uuid[]) as seen (profile_id, alias, client_id)
        order by profile_id, alias
        on conflict (profile_id, alias) do update set client_id = excluded.client_id, seen_at = excluded.seen_at
            where known.client_id <> excluded.client_id
        """;

    /// <summary>Those that are from clients, in the order of time. Strangers leave nothing behind.</summary>
    public static async Task<IReadOnlyList<MatchedReply>> Of(
        ISession session, IReadOnlyList<IncomingMessage> messages, CancellationToken ct)
    {
        var matched = await session.Query(
            Match, row => new MatchedReply(
                messages[(int)row.GetInt64(0) - 1], row.GetGuid(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.IsDBNull(3) ? default : row.GetGuid(3)),
            ct, ("profiles", messages.Select(message => message.Profile).ToArray()),
            ("instances", messages.Select(message => message.Instance).ToArray()), ("phones", messages.Select(Phone).ToArray()),
            ("aliases", messages.Select(message => message.Alias).ToArray()), ("quoted", messages.Select(message => message.QuotedId).ToArray()),
            ("ats", messages.Select(message => message.At).ToArray()));
        var named = matched.FindAll(reply => reply.Message.Alias is not null);
        if (named.Count > 0)
            await session.Sql(
                RememberAliases, ct, ("now", session.Now), ("profiles", named.ConvertAll(reply => reply.Message.Profile).ToArray()),
                ("aliases", named.ConvertAll(reply => reply.Message.Alias).ToArray()), ("clients", named.ConvertAll(reply => reply.ClientId).ToArray()));
        return [.. matched.OrderBy(reply => reply.Message.At)];
    }

    private static string? Phone(IncomingMessage message) =>
        message.From is { } from && PhoneNumber.TryParse(from, "", out var phone) ? phone : null;
}
