using System.Data.Common;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients.Timeline;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>What campaigns know of a client: the messages as the client reads them, and what became of each.</summary>
public sealed class ClientTimeline(IStore store) : ITimelineSource
{
    // A receipt may reach us before the answer of its own send: told behind it all the same.
    private const string Told = """
        select a.profile_id, a.id as subject, a.id as member_id, a.campaign_id, a.variant, coalesce(a.attempted_at, @now) as reads_at,
               null as reply, step.*
        from campaign_audience a
        cross join lateral (values
            ('message', a.queued_at, a.status, a.reason),
            ('in_doubt', case when a.status = 'in_doubt' then a.attempted_at end, 'in_doubt', a.reason),
            ('sent', a.sent_at, 'sent', null),
            ('delivered', case when a.delivered_at is not null then greatest(a.delivered_at, a.sent_at) end, 'delivered', null),
            ('read', case when a.read_at is not null then greatest(a.read_at, a.delivered_at, a.sent_at) end, 'read', null),
            ('failed', a.failed_at, 'failed', a.reason)) as step (step, at, status, reason)
        where a.profile_id = @profile and a.client_id = @client and step.at is not null
        union all
        select r.profile_id, r.id, r.member_id, r.campaign_id, null, r.at, r.text, 'reply', r.at, null, null
        from campaign_reply r
        where r.profile_id = @profile and r.client_id = @client
        """;

    // The page is cut out first; names and texts are looked up for its rows alone.
    private const string Newest = $"""
        select told.subject, told.member_id, told.campaign_id, told.variant, told.reads_at, told.reply, told.step, told.at, told.status,
               told.reason,
               content.name, case when told.step = 'message' then frozen.message_content end as message_content,
               frozen.advisor_name, frozen.advisor_phone, frozen.business_name, frozen.time_zone,
               frozen.variants, frozen.variants -> (ascii(told.variant) - ascii('A')) ->> 'name' as variant_name,
               frozen.identification_text, recipient.name as client_name, recipient.phone as client_phone,
               identified.member_id is not null as is_first
        from (
            select * from ({Told}) as told
            where @before::timestamptz is null or told.at < @before
            order by date_trunc('milliseconds', told.at) desc
            fetch first (@limit) rows with ties) as told
        left join campaign on campaign.profile_id = told.profile_id and campaign.id = told.campaign_id
        left join campaign_content content on content.profile_id = told.profile_id and content.id = campaign.content_id
        left join campaign_frozen frozen
          on frozen.profile_id = told.profile_id and frozen.campaign_id = told.campaign_id
         and (told.step = 'message' or told.variant is not null)
        left join campaign_recipient recipient on recipient.profile_id = told.profile_id and recipient.member_id = told.member_id
        left join client_identified identified
          on identified.profile_id = told.profile_id and identified.client_id = @client and identified.member_id = told.member_id
        """;

    private const string All = $"select count(*) from ({Told}) as told";

    public async Task<IReadOnlyList<TimelineRow>> Rows(
        Guid profile, Guid client, DateTimeOffset? before, int limit, CancellationToken ct) => await store.Query(
        Newest, Read, ct, ("profile", profile), ("client", client), ("before", before), ("limit", limit), ("now", store.Clock.GetUtcNow()));

    public async Task<long> Count(Guid profile, Guid client, CancellationToken ct) => (await store.Query(
        All, row => row.GetInt64(0), ct, ("profile", profile), ("client", client), ("now", store.Clock.GetUtcNow())))[0];

    private static TimelineRow Read(DbDataReader row)
    {
        var (at, step) = (row.Time("at"), row.Text("step"));
        var kind = step switch { "message" => TimelineKind.Message, "reply" => TimelineKind.Reply, _ => TimelineKind.Status };
        return new TimelineRow(
            TimelineId.Of(at, step, row.Id("subject")), at, kind, row.Id("campaign_id"), row.TextOrNull("name"), row.Id("member_id"),
            row.TextOrNull("variant_name"), row.TextOrNull("reply") ?? Message(row), Status: row.TextOrNull("status"),
            Reason: row.TextOrNull("reason"));
    }

    private static string? Message(DbDataReader row)
    {
        if (row.TextOrNull("message_content") is not { } content || row.TextOrNull("client_name") is not { } name) return null;

        var frozen = new FrozenText(
            content, row.Text("advisor_name"), row.Text("advisor_phone"), row.Text("business_name"), row.Text("time_zone"),
            row.TextOrNull("identification_text"), Variants.FromJson(row.TextOrNull("variants")));
        var isFirst = row.GetBoolean(row.GetOrdinal("is_first"));
        return frozen.Render(row.TextOrNull("variant"), name, row.Text("client_phone"), isFirst, row.Time("reads_at"));
    }
}
