using System.Diagnostics;
using System.Text.Json;
using MassMessaging.Assistant.Budget;
using MassMessaging.Assistant.Checks;
using MassMessaging.Assistant.Model;
using MassMessaging.Assistant.Writing;
using MassMessaging.Clients;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Assistant.Memory;

/// <summary>A call under way, for its row.</summary>
public sealed record LoggedCall(Commission Commission, Reservation Reservation, int Attempt, string Prompt, Stopwatch Time)
{
    public Guid Id { get; } = Guid.CreateVersion7();

    public bool IsKept { get; set; }
}

/// <summary>
/// Every call with what was said, what it cost and what the checks made of it: rows beside the event log, so that texts can be erased.
/// </summary>
public sealed class AssistantLog(IStore store)
{
    // A client who was erased while the model wrote leaves no text behind.
    private const string Insert = """
        insert into assistant_log (
            profile_id, id, request_id, user_id, kind, attempt, at, prompt_version, model, objective, tone, language, label, client_id,
            prompt, answer, verdict, problems, prompt_tokens, completion_tokens, cost, latency_ms, is_last, request_ms)
        select @profile, @id, @request, @user, @kind, @attempt, @now, @version, @model, @objective, @tone, @language, @label, @client,
               case when known then @prompt end, case when known then @answer end, @verdict,
               case when known then @problems::jsonb else '[]' end, @promptTokens, @completionTokens, @cost, @latency, @isLast, @latency
        from (select @client::uuid is null or exists (select 1 from client where profile_id = @profile and id = @client) as known) as about
        """;

    private const string Close = "update assistant_log set is_last = true, request_ms = @took where profile_id = @profile and id = @id";

    /// <summary>Kept whoever has gone meanwhile: it was paid for.</summary>
    public async Task Keep(LoggedCall call, string answer, string model, Verdict verdict, TokenUsage usage, decimal cost)
    {
        await using var session = store.Open(Origin.System);
        await Write(
            session, call.Commission, call.Id, call.Attempt, model, verdict.Word, call.Time.Elapsed, isLast: false,
            [
                ("prompt", call.Prompt), ("answer", Unescaped.Letters(answer)), ("problems", Json(verdict.Problems)), ("promptTokens", usage.PromptTokens),
                ("completionTokens", usage.CompletionTokens), ("cost", decimal.Round(cost, 10)),
            ]);
        await DailyBudget.Settle(session, call.Reservation, usage.PromptTokens + usage.CompletionTokens, cost, CancellationToken.None);
        await session.Commit(CancellationToken.None);
        call.IsKept = true;
    }

    /// <summary>What was answered without the model has a row as well, so that requests can be counted.</summary>
    public async Task WithoutCall(Commission commission, string verdict, string model, TimeSpan took)
    {
        await using var session = store.Open(Origin.System);
        await Write(
            session, commission, Guid.CreateVersion7(), 0, model, verdict, took, isLast: true,
            [("prompt", null), ("answer", null), ("problems", "[]"), ("promptTokens", 0), ("completionTokens", 0), ("cost", 0m)]);
        await session.Commit(CancellationToken.None);
    }

    /// <summary>The request's last call: its verdict is the request's.</summary>
    public async Task Finish(Commission commission, Guid call, TimeSpan took)
    {
        await using var session = store.Open(Origin.System);
        await session.Sql(
            Close, CancellationToken.None, ("profile", commission.Profile.Id), ("id", call), ("took", (int)took.TotalMilliseconds));
        await session.Commit(CancellationToken.None);
    }

    private static async Task Write(
        ISession session, Commission commission, Guid id, int attempt, string model, string verdict, TimeSpan took, bool isLast,
        (string, object?)[] said)
    {
        if (commission.ClientId is not null) await ErasureLock.Share(session, commission.Profile.Id, CancellationToken.None);
        await session.Sql(
            Insert, CancellationToken.None,
            [
                ("profile", commission.Profile.Id), ("id", id), ("request", commission.RequestId), ("user", commission.Caller.UserId),
                ("kind", commission.Kind), ("attempt", attempt), ("now", session.Now), ("version", commission.PromptVersion),
                ("model", model), ("objective", commission.Objective), ("tone", commission.Tone), ("language", commission.Inputs.Language),
                ("label", commission.Label), ("client", commission.ClientId), ("verdict", verdict),
                ("latency", (int)took.TotalMilliseconds), ("isLast", isLast), .. said,
            ]);
    }

    private static string Json(IReadOnlyList<DraftProblem> problems) => JsonSerializer.Serialize(problems, JsonConventions.Options);
}
