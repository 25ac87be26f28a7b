using System.Data.Common;
using MassMessaging.Campaigns.Restores;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary>A campaign's row with the version of its stream (the ETag).</summary>
public sealed record CampaignShown(CampaignAnswer Answer, long Version);

/// <summary>
/// Reads campaigns as they are shown. Status, counters and lane are of one statement, and so of one snapshot, which is short enough to be
/// planned once; what Meta's pair limit holds is asked apart, and of few.
/// </summary>
public static class CampaignQuery
{
    // The page is cut out first, and what is the profile's is asked once: PostgreSQL tries the orders of a few tables, not of all of them. The
    // status filter repeats CampaignAnswer.Shown: a completed campaign whose counters lag is still listed as sending.
    private static string Select(string rows) => $"""
        select c.id, c.profile_id, c.content_id, p.id as template_id, c.status, c.status_reason, c.is_planned, c.included, c.requeued,
               c.scheduled_at, c.started_at, c.sent_at, c.created_at, c.updated_at, c.version,
               c.name, c.objective, c.message_content, c.meta_template,
               c.total, c.pending, c.in_flight, c.sent, c.delivered, c.read, c.replied, c.failed, c.skipped, c.in_doubt, c.counted_requeued,
               (select held_by from lane where profile_id = @profile) as held_by,
               (select held_until from lane where profile_id = @profile) as held_until, k.until as canary_until,
               s.held_by as members_held_by, s.held_until as members_held_until, o.campaign_id is not null as is_unchecked, c.variants, c.figures,
               (select instance like 'cloud:%' from whatsapp_config where profile_id = @profile) as is_at_meta,
               (select case when identification_enabled then identification_text end from profile where id = @profile) as identification_text
        from ({rows}) c
        left join campaign_template p on p.profile_id = c.profile_id and p.id = c.template_id
        left join campaign_canary k
            on k.profile_id = c.profile_id and k.campaign_id = c.id and k.passed_at is null and k.granted >= k.first
        left join campaign_restore o on o.profile_id = c.profile_id and o.campaign_id = c.id and o.checked_at is null
        left join campaign_scan s on s.profile_id = c.profile_id and s.campaign_id = c.id
        order by c.id desc
        """;

    private const string Columns = """
        c.id, c.profile_id, c.content_id, c.template_id, c.status, c.status_reason, c.is_planned, c.included, c.requeued,
        c.scheduled_at, c.started_at, c.sent_at, c.created_at, c.updated_at, c.version, t.name, t.objective, t.message_content, t.meta_template, t.variants, v.figures,
        coalesce(n.total, 0) as total, coalesce(n.pending, 0) as pending, coalesce(n.in_flight, 0) as in_flight,
        coalesce(n.sent, 0) as sent, coalesce(n.delivered, 0) as delivered, coalesce(n.read, 0) as read,
        coalesce(n.replied, 0) as replied, coalesce(n.failed, 0) as failed, coalesce(n.skipped, 0) as skipped,
        coalesce(n.in_doubt, 0) as in_doubt, coalesce(n.requeued, 0) as counted_requeued
        """;

    private const string From = """
        from campaign c
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        left join campaign_counters n on n.profile_id = c.profile_id and n.id = c.id
        left join lateral (
            select jsonb_object_agg(w.variant, to_jsonb(w)) as figures,
                   sum(w.pending) as pending, sum(w.total) as total, sum(w.requeued) as requeued
            from campaign_variant_counters w
            where t.variants is not null and w.profile_id = c.profile_id and w.id = c.id) v on true
        where c.profile_id = @profile
        """;

    // By itself, since it alone would cost as much to plan as all the rest, and only few campaigns are asked for.
    private const string PairsHeld = $"""
        select c.id, q.until
        from campaign c
        join whatsapp_config w on w.profile_id = c.profile_id
        cross join lateral ({MetaRules.AllHeld}) q
        where c.profile_id = @profile and c.id = any(@ids) and q.until is not null
        """;

    private static readonly string OfOne = Select($"select {Columns} {From} and c.id = @id offset 0");

    private const string HasStatus = """
        (@status::text is null or @status::text = case
            when c.status in ('sent', 'failed')
                 and (n.pending > 0 or coalesce(n.total, 0) < coalesce(c.included, 0) or coalesce(n.requeued, 0) < c.requeued
                      or (t.variants is not null
                          and (v.pending > 0 or coalesce(v.total, 0) < coalesce(c.included, 0) or coalesce(v.requeued, 0) < c.requeued)))
            then 'sending'
            else c.status end)
        """;

    private static readonly string OnePage = Select($"""
        select {Columns} {From} and {HasStatus} and (@after::uuid is null or c.id < @after::uuid)
        order by c.id desc limit @limit
        """);

    private const string Known = "select from campaign where profile_id = @profile and id = @id";

    private const string All = "select count(*) from campaign where profile_id = @profile";

    private const string AllOfStatus = $"select count(*) {From} and {HasStatus}";

    /// <summary>Null when there is none, or it is not this profile's.</summary>
    public static async Task<CampaignShown?> One(IStore store, Guid profile, Guid id, CancellationToken ct)
    {
        var now = store.Clock.GetUtcNow();
        var rows = await store.Query(OfOne, row => Read(row, now), ct, ("profile", profile), ("id", id), ("now", now));
        return (await Shown(store, profile, rows, now, ct)).SingleOrDefault();
    }

    /// <summary>False: there is none, or it is not this profile's.</summary>
    public static async Task<bool> Exists(IStore store, StreamKey campaign, CancellationToken ct) =>
        (await store.Query(Known, _ => true, ct, ("profile", campaign.Profile), ("id", campaign.Id))).Count > 0;

    /// <summary>Newest first, up to one more than <paramref name="limit"/>.</summary>
    public static async Task<List<CampaignShown>> Page(
        IStore store, Guid profile, CampaignStatus? status, Guid? after, int limit, CancellationToken ct)
    {
        var now = store.Clock.GetUtcNow();
        var rows = await store.Query(
            OnePage, row => Read(row, now), ct,
            ("profile", profile), ("status", status?.Word()), ("after", after), ("limit", limit + 1), ("now", now));
        return await Shown(store, profile, rows, now, ct);
    }

    public static async Task<long> Count(IStore store, Guid profile, CampaignStatus? status, CancellationToken ct) =>
        (await store.Query(
            status is null ? All : AllOfStatus, row => row.GetInt64(0), ct, ("profile", profile), ("status", status?.Word()),
            ("now", store.Clock.GetUtcNow())))[0];

    private static async Task<List<CampaignShown>> Shown(
        IStore store, Guid profile, List<CampaignRead> rows, DateTimeOffset now, CancellationToken ct)
    {
        var asked = rows.Where(row => row is { IsAtMeta: true, Hold: null, Row.Status: CampaignStatus.Sending }).Select(row => row.Row.Id).ToArray();
        var held = asked.Length == 0 ? [] : (await store.Query(
            PairsHeld, row => (Id: row.Id("id"), Until: row.Time("until")), ct, ("profile", profile), ("ids", asked), ("now", now)))
            .ToDictionary(pair => pair.Id, pair => new LaneHold(MemberHold.PairLimit, pair.Until));
        return rows.ConvertAll(row => new CampaignShown(
            CampaignAnswer.Of(row.Row, row.Text, row.Counters, row.Hold ?? held.GetValueOrDefault(row.Row.Id), now, row.ByVariant), row.Row.Version));
    }

    private static CampaignRead Read(DbDataReader row, DateTimeOffset now) => new(
        Campaign(row), Text(row), Counters(row), Hold(row, now), row["is_at_meta"] is true,
        row.TextOrNull("figures") is { } figures ? VariantFigures.Read(figures) : null);

    private static LaneHold? Hold(DbDataReader row, DateTimeOffset now) =>
        row.TextOrNull("held_by") is { } by && !(row.TimeOrNull("held_until") <= now) ? new LaneHold(by, row.TimeOrNull("held_until"))
        : row.TimeOrNull("canary_until") is { } until ? new LaneHold("canary", until)
        : row.GetBoolean(row.GetOrdinal("is_unchecked")) ? new LaneHold(HoldRestored.Reason, null)
        : row.TextOrNull("members_held_by") is { } rule ? new LaneHold(rule, row.TimeOrNull("members_held_until"))
        : null;

    private static CampaignRow Campaign(DbDataReader row) => new(
        row.Id("profile_id"), row.Id("id"), row.Id("content_id"), row.IdOrNull("template_id"),
        Words.Parse<CampaignStatus>(row.Text("status")), row.TextOrNull("status_reason"), row.GetBoolean(row.GetOrdinal("is_planned")),
        row.WholeOrNull("included"), row.Whole("requeued"), row.TimeOrNull("scheduled_at"), row.TimeOrNull("started_at"), row.TimeOrNull("sent_at"),
        row.Time("created_at"), row.Time("updated_at"), row.Whole("version"));

    private static CampaignText Text(DbDataReader row) => new(
        row.Text("name"), row.Text("objective"), row.Text("message_content"),
        row.TextOrNull("meta_template") is { } meta ? MetaTemplate.FromJson(meta) : null,
        Variants.FromJson(row.TextOrNull("variants")), row.TextOrNull("identification_text"));

    private static CampaignCounters Counters(DbDataReader row) => new(row.Id("profile_id"), row.Id("id"))
    {
        Total = row.Whole("total"),
        Pending = row.Whole("pending"),
        InFlight = row.Whole("in_flight"),
        Sent = row.Whole("sent"),
        Delivered = row.Whole("delivered"),
        Read = row.Whole("read"),
        Replied = row.Whole("replied"),
        Failed = row.Whole("failed"),
        Skipped = row.Whole("skipped"),
        InDoubt = row.Whole("in_doubt"),
        Requeued = row.Whole("counted_requeued"),
    };

    /// <param name="Hold">Of its lane, or of all who wait; what Meta's pair limit holds is asked for apart.</param>
    private sealed record CampaignRead(
        CampaignRow Row, CampaignText Text, CampaignCounters Counters, LaneHold? Hold, bool IsAtMeta, Dictionary<string, CampaignCounters>? ByVariant);
}
