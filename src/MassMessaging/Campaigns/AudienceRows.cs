using System.Data.Common;
using MassMessaging.Campaigns.Launching;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <param name="Replied">Null: whether or not.</param>
public sealed record AudienceFilter(MemberStatus? Status = null, bool? Replied = null);

/// <param name="Name">As frozen at launch; null once erased, as the phone.</param>
/// <param name="Variant">The key, where <see cref="AudienceAnswer.Variant"/> is the name.</param>
internal sealed record AudienceEntry(AudienceAnswer Member, string? Name, string? Phone, string? Variant);

/// <summary>
/// Reads members as they are shown. The page is cut out first, by index: by the primary key, by status or by reply. The rest is looked up
/// for its rows alone.
/// </summary>
public static class AudienceRows
{
    private const string Shown = """
        select a.id, a.profile_id, a.campaign_id, a.client_id, a.whatsapp_message_id, a.status, a.reason, a.attempts, a.variant, a.queued_at,
               a.attempted_at, a.sent_at, a.delivered_at, a.read_at, a.replied_at, a.failed_at, r.name as client_name, r.phone as client_phone, r.error_message, g.gateway_id, h.held_by, h.held_until,
               f.variants -> (ascii(a.variant) - ascii('A')) ->> 'name' as variant_name
        from members a
        left join campaign_frozen f on a.variant is not null and f.profile_id = a.profile_id and f.campaign_id = a.campaign_id
        left join campaign_recipient r on r.profile_id = a.profile_id and r.member_id = a.id
        left join lateral (
            select m.gateway_id from gateway_message m
            where m.profile_id = a.profile_id and m.member_id = a.id and m.message_id = a.whatsapp_message_id
            limit 1) g on true
        left join lateral (
            select coalesce(l.held_by, 'canary') as held_by, case when l.held_by is null then k.until else l.held_until end as held_until
            from campaign c
            left join lane l on l.profile_id = c.profile_id and l.held_by is not null and (l.held_until is null or l.held_until > @now)
            left join campaign_canary k
                on k.profile_id = c.profile_id and k.campaign_id = c.id and k.passed_at is null and k.granted >= k.first
            where c.profile_id = a.profile_id and c.id = a.campaign_id and c.status = 'sending' and a.status = 'pending'
              and coalesce(l.profile_id, k.profile_id) is not null) h on true
        """;

    // The ids of a campaign's members lie between two ids (MemberId), so the primary key leads to them; the campaign itself is asked for
    // too, since another may have been made in the same millisecond.
    private const string OfCampaign = """
        select * from campaign_audience where profile_id = @profile and campaign_id = @campaign and id >= @first and id <= @last
        """;

    private const string OfOne = $"""
        with members as (select * from campaign_audience where profile_id = @profile and campaign_id = @campaign and id = @id)
        {Shown}
        """;

    internal static string OnePage(AudienceFilter filter, bool firstPage) => $"""
        with members as (
            {OfCampaign}{Conditions(filter)}{(firstPage ? "" : " and id < @after")}
            order by id desc limit @limit)
        {Shown} order by a.id desc
        """;

    /// <summary>Up to one more than <paramref name="limit"/>.</summary>
    public static async Task<List<AudienceAnswer>> Page(
        IStore store, StreamKey campaign, AudienceFilter filter, Guid? after, int limit, CancellationToken ct) =>
        (await Entries(store, campaign, filter, after, limit, ct)).ConvertAll(entry => entry.Member);

    /// <summary>The same, with name and phone.</summary>
    internal static async Task<List<AudienceEntry>> Entries(
        IStore store, StreamKey campaign, AudienceFilter filter, Guid? after, int limit, CancellationToken ct)
    {
        var (first, last) = MemberId.Range(campaign.Id);
        var page = await store.Query(
            OnePage(filter, after is null), Entry, ct,
            ("profile", campaign.Profile), ("campaign", campaign.Id), ("first", first), ("last", last), ("status", filter.Status?.Word()),
            ("after", after), ("limit", limit + 1), ("now", store.Clock.GetUtcNow()));
        return await MemberHolds.Of(store, campaign, page, ct);
    }

    public static async Task<AudienceAnswer?> One(IStore store, StreamKey campaign, Guid member, CancellationToken ct) =>
        (await MemberHolds.Of(
            store, campaign,
            await store.Query(
                OfOne, Entry, ct,
                ("profile", campaign.Profile), ("campaign", campaign.Id), ("id", member), ("now", store.Clock.GetUtcNow())),
            ct)).SingleOrDefault()?.Member;

    private static AudienceEntry Entry(DbDataReader row) =>
        new(AudienceAnswer.Read(row), row.TextOrNull("client_name"), row.TextOrNull("client_phone"), row.TextOrNull("variant"));

    private static string Conditions(AudienceFilter filter) =>
        (filter.Status is null ? "" : " and status = @status")
        + filter.Replied switch { null => "", true => " and replied_at is not null", false => " and replied_at is null" };
}
