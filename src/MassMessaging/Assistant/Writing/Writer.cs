using System.Diagnostics;
using MassMessaging.Assistant.Budget;
using MassMessaging.Assistant.Memory;
using MassMessaging.Assistant.Model;
using MassMessaging.Http;

namespace MassMessaging.Assistant.Writing;

/// <summary>Shows a piece of a draft while it is written: which try, which of its messages, and what comes behind what was shown.</summary>
public delegate Task ShowDraft(int attempt, int variation, string text);

/// <summary>What came of a commission.</summary>
/// <param name="Cost">US dollars.</param>
/// <param name="IsCached">An earlier answer to the same question; it cost nothing now.</param>
/// <param name="IsFallback">The model was too slow: the profile's own texts for that objective.</param>
public sealed record Written(
    IReadOnlyList<KeptDraft> Drafts, string Model, TokenUsage Usage, decimal Cost, bool IsCached = false, bool IsFallback = false);

/// <summary>
/// From a commission to messages that passed every check: the cache, else up to three calls within the time limit, else the
/// profile's own templates.
/// </summary>
public sealed class Writer(
    IChatModel model, DailyBudget budget, AssistantLog log, AnswerCache cache, KeptDrafts kept, OwnTexts own, AssistantOptions options)
{
    /// <exception cref="ProblemException">
    /// 429 <c>assistant-budget</c>, 409 <c>assistant-refused</c>, 503 <c>assistant-unavailable</c>.
    /// </exception>
    public async Task<Written> Write(Commission commission, ShowDraft? show, CancellationToken ct)
    {
        var time = Stopwatch.StartNew();
        var talk = new Conversation(commission, model, budget, log, options, show);
        var outcome = "failed";
        try
        {
            var written = await Cached(commission, time, ct) ?? await Talk(commission, talk, time, ct);
            outcome = written switch { { IsCached: true } => "cached", { IsFallback: true } => "fallback", _ => "accepted" };
            return written;
        }
        catch (ProblemException refused)
        {
            outcome = refused.Problem.Code;
            throw;
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            AssistantMeter.Count(commission, outcome, time.Elapsed);
            if (talk.LastCall is { } last) await log.Finish(commission, last, time.Elapsed);
        }
    }

    private async Task<Written?> Cached(Commission commission, Stopwatch time, CancellationToken ct)
    {
        if (commission.IsFresh || await cache.Find(commission, options.Model, ct) is not { } known) return null;

        await log.WithoutCall(commission, "cached", known.Model, time.Elapsed);
        return known with { Usage = new(0, 0), Cost = 0, IsCached = true };
    }

    private async Task<Written> Talk(Commission commission, Conversation talk, Stopwatch time, CancellationToken ct)
    {
        using var tooLong = new CancellationTokenSource(); // by this machine's time, as all of the network
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, tooLong.Token);
        try
        {
            await talk.Run(() => tooLong.CancelAfter(options.Timeout), ct, stop.Token);
        }
        catch (OperationCanceledException) when (tooLong.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            if (talk.Accepted.Count == 0) return await InItsPlace(commission, talk, time, ct);
        }

        if (talk.Accepted.Count == 0) throw new ProblemException(talk.Problem());
        var written = new Written(await kept.Keep(commission, talk.Accepted, ct), talk.Model, talk.Usage, talk.Cost);
        await cache.Keep(commission, options.Model, written, ct);
        return written;
    }

    /// <summary>What the advisor has for that objective already.</summary>
    private async Task<Written> InItsPlace(Commission commission, Conversation talk, Stopwatch time, CancellationToken ct)
    {
        if (await own.Best(commission, ct) is not { Count: > 0 } found) throw new ProblemException(Conversation.TooSlow());

        await log.WithoutCall(commission, "fallback", options.Model, time.Elapsed);
        talk.LastCall = null; // the row above is the request's last
        return new Written(await kept.Keep(commission, found, ct), options.Model, talk.Usage, talk.Cost, IsFallback: true);
    }
}
