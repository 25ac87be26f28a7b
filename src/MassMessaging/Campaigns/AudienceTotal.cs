using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>
/// How many members a filter leaves, without counting 100,000 rows. All: what the launch planned. Of a status: counted up to a bound, and
/// beyond it what the campaign's row says too, from the counters, which follow within a second. Who replied:
/// counted, by an index of only those.
/// </summary>
public static class AudienceTotal
{
    private const int CountedUpTo = 5000;

    private const string All = """
        select coalesce(c.included, n.total, 0)
        from campaign c
        left join campaign_counters n on n.profile_id = c.profile_id and n.id = c.id
        where c.profile_id = @profile and c.id = @campaign
        """;

    private const string OfStatus = """
        select case when few.members <= @most or n.id is null then few.members else greatest(few.members, case @status::text
                when 'pending' then n.pending - n.in_flight
                when 'sending' then n.in_flight
                when 'sent' then n.sent - n.delivered
                when 'delivered' then n.delivered - n.read
                when 'read' then n.read
                when 'failed' then n.failed
                when 'skipped' then n.skipped
                else n.in_doubt end) end
        from (select count(*) as members
              from (select from campaign_audience
                    where profile_id = @profile and campaign_id = @campaign and status = @status
                    order by id limit @most + 1) counted) few
        left join campaign_counters n on n.profile_id = @profile and n.id = @campaign
        """;

    private const string Replied = """
        select count(*) from campaign_audience
        where profile_id = @profile and campaign_id = @campaign and replied_at is not null and (@status::text is null or status = @status)
        """;

    public static async Task<long> Of(IStore store, StreamKey campaign, AudienceFilter filter, CancellationToken ct)
    {
        var replied = filter.Replied is null ? 0 : await Count(store, Replied, campaign, filter, ct);
        return filter.Replied is true ? replied : await Count(store, Text(filter), campaign, filter, ct) - replied;
    }

    internal static string Text(AudienceFilter filter) => filter switch
    {
        { Replied: true } => Replied,
        { Status: null } => All,
        _ => OfStatus,
    };

    private static async Task<long> Count(IStore store, string text, StreamKey campaign, AudienceFilter filter, CancellationToken ct) =>
        (await store.Query(
            text, row => row.GetInt64(0), ct,
            ("profile", campaign.Profile), ("campaign", campaign.Id), ("status", filter.Status?.Word()), ("most", CountedUpTo)))
        .SingleOrDefault();
}
