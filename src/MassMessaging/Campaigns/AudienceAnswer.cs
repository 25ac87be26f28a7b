using System.Data.Common;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>A member of a campaign's audience as the API shows it.</summary>
/// <param name="WhatsappMessageId">Our id of the latest attempt's message.</param>
/// <param name="GatewayMessageId">The gateway's, which receipts name.</param>
/// <param name="NextAttemptAt">While it waits and is held: when it goes on, if that is known.</param>
/// <param name="HeldBy">While it waits: what holds it.</param>
/// <param name="Variant">Name of the variant that it gets; null when the campaign has none.</param>
/// <param name="RepliedAt">Of the first reply.</param>
public sealed record AudienceAnswer(
    Guid Id, Guid ProfileId, Guid CampaignId, Guid ClientId, Guid? WhatsappMessageId, string? GatewayMessageId, MemberStatus Status,
    string? Reason, string? ErrorMessage, long Attempts, DateTimeOffset? NextAttemptAt, string? HeldBy, string? Variant,
    DateTimeOffset QueuedAt, DateTimeOffset? AttemptedAt, DateTimeOffset? SentAt,
    DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt, DateTimeOffset? RepliedAt,
    DateTimeOffset? FailedAt, DateTimeOffset CreatedAt)
{
    public static AudienceAnswer Read(DbDataReader row) => new(
        row.Id("id"), row.Id("profile_id"), row.Id("campaign_id"), row.Id("client_id"), row.IdOrNull("whatsapp_message_id"),
        row.TextOrNull("gateway_id"), Words.Parse<MemberStatus>(row.Text("status")), row.TextOrNull("reason"),
        row.TextOrNull("error_message"), row.Whole("attempts"),
        row.TimeOrNull("held_until"), row.TextOrNull("held_by"), row.TextOrNull("variant_name"), row.Time("queued_at"),
        row.TimeOrNull("attempted_at"), row.TimeOrNull("sent_at"), row.TimeOrNull("delivered_at"), row.TimeOrNull("read_at"),
        row.TimeOrNull("replied_at"), row.TimeOrNull("failed_at"), row.Time("queued_at"));
}

/// <summary>Reads members as they are shown. The page is cut out first, by index; the rest is looked up for its rows alone.</summary>
public static class AudienceRows
{
    private const string Shown = """
        select a.*, r.error_message, g.gateway_id, h.held_by, h.held_until,
               f.variants -> (ascii(a.variant) - ascii('A')) ->> 'name' as variant_name
        from members a
        left join campaign_frozen f on a.variant is not null and f.profile_id = a.profile_id and f.campaign_id = a.campaign_id
        left join campaign_recipient r on r.profile_id = a.profile_id and r.member_id = a.id
        left join lateral (
            select m.gateway_id from gateway_message m
            where m.profile_id = a.profile_id and m.member_id = a.id and m.message_id = a.whatsapp_message_id
            limit 1) g on true
        left join lateral (
            select l.held_by, l.held_until
            from campaign c join lane l on l.profile_id = c.profile_id
            where c.profile_id = a.profile_id and c.id = a.campaign_id and c.status = 'sending' and a.status = 'pending'
              and l.held_by is not null and (l.held_until is null or l.held_until > @now)) h on true
        """;

    private const string OnePage = $"""
        with members as (
            select * from campaign_audience
            where profile_id = @profile and campaign_id = @campaign and (@status::text is null or status = @status::text)
              and (@replied::boolean is null or (replied_at is not null) = @replied) and (@after::uuid is null or id < @after::uuid)
            order by id desc limit @limit)
        {Shown} order by a.id desc
        """;

    private const string OfOne = $"""
        with members as (select * from campaign_audience where profile_id = @profile and campaign_id = @campaign and id = @id)
        {Shown}
        """;

    private const string All = """
        select count(*) from campaign_audience
        where profile_id = @profile and campaign_id = @campaign and (@status::text is null or status = @status::text)
          and (@replied::boolean is null or (replied_at is not null) = @replied)
        """;

    /// <summary>Up to one more than <paramref name="limit"/>.</summary>
    public static Task<List<AudienceAnswer>> Page(
        IStore store, StreamKey campaign, MemberStatus? status, bool? replied, Guid? after, int limit, CancellationToken ct) => store.Query(
        OnePage, AudienceAnswer.Read, ct,
        ("profile", campaign.Profile), ("campaign", campaign.Id), ("status", status?.Word()), ("replied", replied), ("after", after),
        ("limit", limit + 1), ("now", store.Clock.GetUtcNow()));

    public static async Task<long> Count(IStore store, StreamKey campaign, MemberStatus? status, bool? replied, CancellationToken ct) =>
        (await store.Query(
            All, row => row.GetInt64(0), ct,
            ("profile", campaign.Profile), ("campaign", campaign.Id), ("status", status?.Word()), ("replied", replied)))[0];

    public static async Task<AudienceAnswer?> One(IStore store, StreamKey campaign, Guid member, CancellationToken ct) =>
        (await store.Query(
            OfOne, AudienceAnswer.Read, ct,
            ("profile", campaign.Profile), ("campaign", campaign.Id), ("id", member), ("now", store.Clock.GetUtcNow()))).SingleOrDefault();
}
