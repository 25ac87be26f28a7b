using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Assistant;

public sealed record UserTokens(Guid UserId, long Requests, long Tokens, decimal Cost);

public sealed record Frequency(string Text, long Requests);

/// <param name="Made">Shown to advisors.</param>
/// <param name="Chosen">Named by a campaign or a template.</param>
/// <param name="EditedShare">Of the characters of those chosen, how many were changed; null without any.</param>
/// <param name="Sent">People to whom campaigns with a chosen text were sent; so the other three.</param>
public sealed record VariationFigures(long Made, long Chosen, double? EditedShare, long Sent, long Delivered, long Read, long Replied);

/// <param name="AsOf">When this was read.</param>
/// <param name="SuccessRate">Of all requests, from 0 to 1; null without any. Answers from the cache succeed, fallbacks do not.</param>
/// <param name="AverageSeconds">Of a request that asked the model, its corrections included; so the percentiles.</param>
public sealed record AssistantFigures(
    DateTimeOffset AsOf, DateTimeOffset From, DateTimeOffset To, long Requests, long Succeeded, double? SuccessRate, double? AverageSeconds,
    double? P50Seconds, double? P95Seconds, IReadOnlyList<UserTokens> TokensPerUser, IReadOnlyList<Frequency> Objectives,
    IReadOnlyList<Frequency> Tones, VariationFigures Variations);

/// <summary><c>GET /api/analytics/assistant</c>: how often it helped, how long it took, what it cost, and what it was asked for.</summary>
public static class ReadFigures
{
    private const int Most = 20;
    private const int DefaultDays = 30;

    private const string Requests = """
        select count(*), count(*) filter (where verdict in ('accepted', 'partly', 'cached')),
               avg(request_ms) filter (where attempt > 0)::float8,
               percentile_cont(0.5) within group (order by request_ms) filter (where attempt > 0),
               percentile_cont(0.95) within group (order by request_ms) filter (where attempt > 0)
        from assistant_log where profile_id = @profile and at >= @from and at < @to and is_last
        """;

    private const string PerUser = """
        select user_id, count(distinct request_id), sum(prompt_tokens + completion_tokens)::bigint, sum(cost)
        from assistant_log where profile_id = @profile and at >= @from and at < @to
        group by user_id order by 3 desc, user_id limit @most
        """;

    private const string Objectives = """
        select min(objective), count(distinct request_id) from assistant_log
        where profile_id = @profile and at >= @from and at < @to and objective is not null
        group by lower(trim(objective)) order by 2 desc, 1 limit @most
        """;

    private const string Tones = """
        select min(tone), count(distinct request_id) from assistant_log
        where profile_id = @profile and at >= @from and at < @to and tone is not null
        group by lower(trim(tone)) order by 2 desc, 1 limit @most
        """;

    private const string Variations = """
        select count(*), count(*) filter (where h.choices > 0), sum(h.distance)::float8 / nullif(sum(h.length), 0),
               coalesce(sum(h.sent), 0)::bigint, coalesce(sum(h.delivered), 0)::bigint, coalesce(sum(h.read), 0)::bigint,
               coalesce(sum(h.replied), 0)::bigint
        from assistant_variation v
        left join lateral (
            select count(*) as choices, sum(c.edit_distance) as distance, sum(c.length) as length, sum(n.sent) as sent,
                   sum(n.delivered) as delivered, sum(n.read) as read, sum(n.replied) as replied
            from assistant_choice c
            left join campaign_counters n on n.profile_id = c.profile_id and n.id = c.target_id
            where c.profile_id = v.profile_id and c.variation_id = v.id) h on true
        where v.profile_id = @profile and v.created_at >= @from and v.created_at < @to
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/analytics/assistant", Get)
        .WithTags("Analytics").Needs(Scope.Read)
        .Documented(
            "readAssistantFigures", "The assistant's success rate and time, tokens per user, commonest objectives and tones.",
            "validation-failed")
        .Asks("from", "A time; 30 days ago if left out.")
        .Asks("to", "A time; now if left out.")
        .Produces<AssistantFigures>();

    private static async Task<IResult> Get(Query query, Caller caller, IStore store, CancellationToken ct)
    {
        var (from, to) = TimeSpanAsked.Read(query, store, TimeSpan.FromDays(DefaultDays));
        query.ThrowIfWrong();
        (string, object?)[] scope = [("profile", caller.ProfileId), ("from", from), ("to", to)];
        (string, object?)[] top = [.. scope, ("most", Most)];

        double? Seconds(object value) => value is double milliseconds ? Math.Round(milliseconds / 1000, 3) : null;
        var requests = (await store.Query(
            Requests,
            row => (All: row.GetInt64(0), Good: row.GetInt64(1), Average: Seconds(row[2]), P50: Seconds(row[3]), P95: Seconds(row[4])),
            ct, scope))[0];
        var users = await store.Query(
            PerUser, row => new UserTokens(row.GetGuid(0), row.GetInt64(1), row.GetInt64(2), row.GetDecimal(3)), ct, top);
        var objectives = await store.Query(Objectives, row => new Frequency(row.GetString(0), row.GetInt64(1)), ct, top);
        var tones = await store.Query(Tones, row => new Frequency(row.GetString(0), row.GetInt64(1)), ct, top);
        var variations = (await store.Query(
            Variations,
            row => new VariationFigures(
                row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : Math.Round(row.GetDouble(2), 4), row.GetInt64(3),
                row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)),
            ct, scope))[0];
        return TypedResults.Ok(new AssistantFigures(
            store.Clock.GetUtcNow(), from, to, requests.All, requests.Good,
            requests.All == 0 ? null : Math.Round((double)requests.Good / requests.All, 4), requests.Average, requests.P50, requests.P95,
            users, objectives, tones, variations));
    }
}
