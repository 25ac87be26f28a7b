using System.Diagnostics;
using MassMessaging.Assistant.Budget;
using MassMessaging.Assistant.Checks;
using MassMessaging.Assistant.Memory;
using MassMessaging.Assistant.Model;
using MassMessaging.Assistant.Prompts;
using MassMessaging.Http;

namespace MassMessaging.Assistant.Writing;

/// <summary>
/// One commission's calls to the model: at most three, each reserved before and settled after. What fails the checks is asked for again
/// with the reason; what a policy refused is asked for in other words.
/// </summary>
internal sealed class Conversation(
    Commission commission, IChatModel model, DailyBudget budget, AssistantLog log, AssistantOptions options, ShowDraft? show)
{
    private const int MostCalls = 3;
    private const int MostReasons = 20;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(5);

    private readonly ModelPrice price = ModelPrices.Of(options);
    private readonly List<DraftProblem> problems = [];
    private readonly string fence = PromptText.NewFence();
    private ChatAnswer? last;

    public List<Draft> Accepted { get; } = [];

    public TokenUsage Usage { get; private set; } = new(0, 0);

    public decimal Cost { get; private set; }

    public string Model { get; private set; } = options.Model;

    /// <summary>Its row in the log.</summary>
    public Guid? LastCall { get; set; }

    private int Missing => commission.Inputs.Count - Accepted.Count;

    /// <param name="begin">Called before the model is asked for the first time: from then on the answer's time runs.</param>
    /// <param name="callerGone">Ends it, and so does <paramref name="ct"/>, which ends when it has taken too long as well.</param>
    public async Task Run(Action begin, CancellationToken callerGone, CancellationToken ct)
    {
        var system = PromptText.System(commission.Inputs, commission.Shape.Words, fence);
        List<ChatTurn> turns = [PromptText.User(commission.Inputs, fence)];
        try
        {
            for (var attempt = 1; attempt <= MostCalls && Missing > 0; attempt++)
            {
                ct.ThrowIfCancellationRequested();
                var question = new ChatQuestion(system, [.. turns], commission.Shape.Name, commission.Shape.Schema, commission.MostTokens);
                last = await Call(question, attempt, attempt == 1 ? begin : null, callerGone, ct);
                if (last.Outcome is ChatOutcome.Throttled or ChatOutcome.Rejected) return;
                turns.AddRange(Reply(last));
            }
        }
        catch (ProblemException) when (Accepted.Count > 0)
        {
            // The budget does not suffice for the rest: what there is, is answered.
        }
    }

    /// <summary>Why there is nothing to show.</summary>
    public Problem Problem()
    {
        if (last is { Outcome: ChatOutcome.Throttled or ChatOutcome.Failed or ChatOutcome.Rejected } failed)
        {
            var wait = failed.RetryAfter ?? (failed.Outcome == ChatOutcome.Rejected ? Later : Soon);
            return new Problem(503, "assistant-unavailable", failed.Text, RetryAfter: wait);
        }

        var reasons = problems.Distinct().Take(MostReasons).ToList();
        return new Problem(
            409, "assistant-refused",
            $"The assistant has no message that may be sent. {string.Join(' ', reasons.Select(problem => problem.Reason))}",
            reasons.GroupBy(problem => problem.Code).ToDictionary(code => code.Key, code => code.Select(problem => problem.Reason).ToArray()));
    }

    public static Problem TooSlow() => new(
        503, "assistant-unavailable", "The model took too long, and there is no template of yours for this objective: try again.",
        RetryAfter: Soon);

    private IEnumerable<ChatTurn> Reply(ChatAnswer answer)
    {
        if (answer.Outcome == ChatOutcome.Failed) return [];
        if (answer.Outcome == ChatOutcome.Refused) return [PromptText.Policy(Missing)];

        var reasons = problems.Select(problem => problem.Reason).Distinct().TakeLast(MostReasons).ToList();
        return [new ChatTurn(IsModels: true, answer.Text), PromptText.Repair(reasons, Missing, fence)];
    }

    private async Task<ChatAnswer> Call(
        ChatQuestion question, int attempt, Action? begin, CancellationToken callerGone, CancellationToken ct)
    {
        var (promptTokens, profile) = (question.MostPromptTokens, commission.Profile.Id);
        var reservation = await budget.Take(
            profile, commission.Zone, promptTokens + question.MostTokens, price.Of(promptTokens, question.MostTokens), callerGone);
        var call = new LoggedCall(commission, reservation, attempt, question.Text, Stopwatch.StartNew());
        var most = new TokenUsage(promptTokens, question.MostTokens);
        LastCall = call.Id;
        try
        {
            begin?.Invoke();
            var answer = await model.Ask(question, show is null ? null : Shown(attempt), ct);
            var verdict = Verdict.Of(answer, commission, Accepted);
            // Nobody told what it cost: it may have cost all that it could.
            await Settle(call, answer.Text, answer.Model, verdict, answer.Usage ?? (answer.IsFree ? new(0, 0) : most));
            Accepted.AddRange(verdict.Accepted);
            problems.AddRange(verdict.Problems);
            return answer;
        }
        catch (Exception ended) when (!call.IsKept)
        {
            var word = callerGone.IsCancellationRequested ? "cancelled" : ct.IsCancellationRequested ? "timeout" : "failed";
            await Settle(call, "", null, new Verdict(word, [], []), most);
            if (ended is not OperationCanceledException && ct.IsCancellationRequested) throw new OperationCanceledException(ct);
            throw;
        }
    }

    private async Task Settle(LoggedCall call, string answer, string? answeredBy, Verdict verdict, TokenUsage usage)
    {
        Usage = new(Usage.PromptTokens + usage.PromptTokens, Usage.CompletionTokens + usage.CompletionTokens);
        Cost += price.Of(usage);
        Model = answeredBy ?? Model;
        AssistantMeter.Count(commission.Profile.Id, usage, Model);
        await log.Keep(call, answer, Model, verdict, usage, price.Of(usage));
    }

    private Func<string, ValueTask> Shown(int attempt)
    {
        var reader = new DraftReader();
        return async piece =>
        {
            foreach (var (variation, text) in reader.Read(piece)) await show!(attempt, variation, text);
        };
    }
}
