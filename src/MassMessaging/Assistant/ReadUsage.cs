using System.Globalization;
using MassMessaging.Assistant.Budget;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Assistant;

/// <param name="Day">Of the profile's time zone, as 2026-01-31.</param>
/// <param name="Tokens">Used, and reserved for calls under way.</param>
/// <param name="ResetsAt">When the next day begins.</param>
public sealed record BudgetToday(string Day, long Tokens, decimal Cost, long MostTokens, decimal MostCost, DateTimeOffset ResetsAt);

/// <param name="Calls">To the model; answers from the cache are none.</param>
/// <param name="Cost">US dollars.</param>
public sealed record UsageSum(long Calls, long PromptTokens, long CompletionTokens, decimal Cost);

public sealed record UsageDay(string Day, long Calls, long PromptTokens, long CompletionTokens, decimal Cost);

/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Days">With calls, the newest first.</param>
public sealed record AssistantUsage(DateTimeOffset From, DateTimeOffset To, BudgetToday Today, UsageSum Total, IReadOnlyList<UsageDay> Days);

/// <summary><c>GET /api/ai/usage</c>: what was spent, day by day of the profile's time zone, and what is left of today.</summary>
public static class ReadUsage
{
    private const int DefaultDays = 30;

    private const string Select = """
        select to_char(at at time zone @zone, 'YYYY-MM-DD') as day, count(*), sum(prompt_tokens), sum(completion_tokens), sum(cost)
        from assistant_log
        where profile_id = @profile and at >= @from and at < @to and attempt > 0
        group by 1 order by 1 desc
        """;

    public static void Map(IEndpointRouteBuilder assistant) => assistant.MapGet("/usage", Get)
        .Documented("readAssistantUsage", "Tokens and money spent, by day, and what is left of today's budget.", "validation-failed")
        .Asks("from", "A time; 30 days ago if left out.")
        .Asks("to", "A time; now if left out.")
        .Produces<AssistantUsage>();

    private static async Task<IResult> Get(
        Query query, Caller caller, IStore store, DailyBudget budget, AssistantOptions options, CancellationToken ct)
    {
        var (from, to) = TimeSpanAsked.Read(query, store, TimeSpan.FromDays(DefaultDays));
        query.ThrowIfWrong();
        var profile = await AssistantBody.ProfileOf(store, caller, ct);
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(profile.TimeZone, out var found) ? found : TimeZoneInfo.Utc;
        var days = await store.Query(
            Select,
            row => new UsageDay(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetDecimal(4)), ct,
            ("profile", caller.ProfileId), ("from", from), ("to", to), ("zone", found is null ? "UTC" : profile.TimeZone));
        var now = store.Clock.GetUtcNow();
        var today = LocalTime.DayOf(now, zone);
        var (tokens, cost) = await budget.Of(caller.ProfileId, today, ct);
        return TypedResults.Ok(new AssistantUsage(
            from, to,
            new BudgetToday(today.ToString("O", CultureInfo.InvariantCulture), tokens, cost, options.DailyTokens, options.DailyCost, DailyLimit.NextDay(now, zone)),
            new UsageSum(
                days.Sum(day => day.Calls), days.Sum(day => day.PromptTokens), days.Sum(day => day.CompletionTokens),
                days.Sum(day => day.Cost)),
            days));
    }
}

/// <summary>The <c>from</c> and <c>to</c> of a query string.</summary>
internal static class TimeSpanAsked
{
    /// <summary>Names what is wrong in the query; the end is now, and the start so long before it, unless they are given.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Read(Query query, IStore store, TimeSpan usual)
    {
        var to = query.Time("to") ?? store.Clock.GetUtcNow();
        var from = query.Time("from") ?? to - usual;
        if (from > to) query.Wrong("from", "must not be after to");
        return (from, to);
    }
}
