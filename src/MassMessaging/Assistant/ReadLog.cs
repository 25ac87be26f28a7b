using System.Data.Common;
using System.Text.Json;
using MassMessaging.Assistant.Checks;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Assistant;

/// <param name="Target"><c>campaign</c> or <c>template</c>.</param>
/// <param name="EditDistance">Characters put in, taken out or replaced before it was kept; of <paramref name="Length"/>.</param>
/// <param name="Sent">Of a campaign: people it was sent to so far; so the other three. Of a template 0.</param>
public sealed record LoggedChoice(
    string Target, Guid TargetId, DateTimeOffset ChosenAt, int EditDistance, int Length, long Sent, long Delivered, long Read, long Replied);

/// <param name="Text">Null once erased.</param>
public sealed record LoggedVariation(Guid Id, string? Text, IReadOnlyList<LoggedChoice> Chosen);

/// <summary>One call to the model, or an answer that needed none (<paramref name="Attempt"/> 0).</summary>
/// <param name="Kind"><c>generate</c>, <c>improve</c>, <c>personalize</c> or <c>suggest</c>.</param>
/// <param name="Prompt">All that the model was told; null once erased, or without a call.</param>
/// <param name="Answer">As it came, before the checks.</param>
/// <param name="Verdict">
/// <c>accepted</c>, <c>partly</c>, <c>rejected</c>, <c>refused</c>, <c>throttled</c>, <c>failed</c>, <c>timeout</c>, <c>cancelled</c>,
/// <c>cached</c> or <c>fallback</c>.
/// </param>
/// <param name="Cost">US dollars. A call that was stopped counts as much as it may have cost.</param>
/// <param name="Variations">What was shown, with the request's last row.</param>
public sealed record LogRow(
    Guid Id, Guid RequestId, Guid UserId, string Kind, int Attempt, DateTimeOffset At, string PromptVersion, string Model,
    string? Objective, string? Tone, string Language, string? Label, Guid? ClientId, string? Prompt, string? Answer, string Verdict,
    IReadOnlyList<DraftProblem> Problems, int PromptTokens, int CompletionTokens, decimal Cost, int LatencyMs,
    IReadOnlyList<LoggedVariation> Variations, DateTimeOffset? ErasedAt);

/// <summary><c>GET /api/ai/log</c>: every call, newest first, and what became of what was proposed.</summary>
public static class ReadLog
{
    private const string SelectPage = """
        select l.id, l.request_id, l.user_id, l.kind, l.attempt, l.at, l.prompt_version, l.model, l.objective, l.tone, l.language, l.label,
               l.client_id, l.prompt, l.answer, l.verdict, l.problems, l.prompt_tokens, l.completion_tokens, l.cost, l.latency_ms,
               l.erased_at, proposed.variations
        from (select * from assistant_log where profile_id = @profile and (@after::uuid is null or id < @after)
              order by id desc limit @limit) l
        left join lateral (
            select jsonb_agg(
                jsonb_build_object('id', v.id, 'text', v.text, 'chosen', coalesce(chosen.choices, '[]')) order by v.id) as variations
            from assistant_variation v
            left join lateral (
                select jsonb_agg(jsonb_build_object(
                    'target', h.target, 'targetId', h.target_id, 'chosenAt', h.chosen_at, 'editDistance', h.edit_distance,
                    'length', h.length, 'sent', coalesce(n.sent, 0), 'delivered', coalesce(n.delivered, 0), 'read', coalesce(n.read, 0),
                    'replied', coalesce(n.replied, 0)) order by h.chosen_at) as choices
                from assistant_choice h
                left join campaign_counters n on n.profile_id = h.profile_id and n.id = h.target_id
                where h.profile_id = v.profile_id and h.variation_id = v.id) chosen on true
            where l.is_last and v.profile_id = l.profile_id and v.request_id = l.request_id) proposed on true
        order by l.id desc
        """;

    private const string Count = "select count(*) from assistant_log where profile_id = @profile";

    public static void Map(IEndpointRouteBuilder assistant) => assistant.MapGet("/log", Get)
        .Documented("readAssistantLog", "Every call to the model, newest first, with its cost, its verdict and what was chosen.")
        .Produces<LogRow[]>();

    private static async Task<IResult> Get(Caller caller, Page page, HttpContext context, IStore store, CancellationToken ct)
    {
        var rows = await store.Query(
            SelectPage, Read, ct, ("profile", caller.ProfileId), ("after", page.After), ("limit", page.Limit + 1));
        var total = await page.Total(store, Count, ct, ("profile", caller.ProfileId));
        return page.List(context, rows, row => row.Id, total);
    }

    private static LogRow Read(DbDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetInt32(4), row.GetFieldValue<DateTimeOffset>(5),
        row.GetString(6), row.GetString(7), Text(row, 8), Text(row, 9), row.GetString(10), Text(row, 11),
        row.IsDBNull(12) ? null : row.GetGuid(12), Text(row, 13), Text(row, 14), row.GetString(15), Json<DraftProblem>(row, 16),
        row.GetInt32(17), row.GetInt32(18), row.GetDecimal(19), row.GetInt32(20), Json<LoggedVariation>(row, 22),
        row.IsDBNull(21) ? null : row.GetFieldValue<DateTimeOffset>(21));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static List<T> Json<T>(DbDataReader row, int column) =>
        row.IsDBNull(column) ? [] : JsonSerializer.Deserialize<List<T>>(row.GetString(column), JsonConventions.Options)!;
}
