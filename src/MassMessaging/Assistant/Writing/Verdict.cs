using MassMessaging.Assistant.Checks;
using MassMessaging.Assistant.Model;

namespace MassMessaging.Assistant.Writing;

/// <summary>What is made of one answer: the drafts that may be shown, and what is wrong with the others. Pure.</summary>
/// <param name="Word">
/// <c>accepted</c> (all that were wanted), <c>partly</c>, <c>rejected</c>, <c>refused</c>, <c>throttled</c>, <c>failed</c>; of a call that was
/// stopped <c>timeout</c> or <c>cancelled</c>.
/// </param>
public sealed record Verdict(string Word, IReadOnlyList<Draft> Accepted, IReadOnlyList<DraftProblem> Problems)
{
    public static Verdict Of(ChatAnswer answer, Commission commission, IReadOnlyList<Draft> before) => answer.Outcome switch
    {
        ChatOutcome.Answered => Judge(answer.Text, commission, before),
        ChatOutcome.CutOff => new("rejected", [], [new("cut-off", "The answer was longer than it may be: write shorter messages.")]),
        ChatOutcome.Refused => new("refused", [], [new("model-refused", "The model, or its provider's content policy, refused to write this.")]),
        ChatOutcome.Throttled => new("throttled", [], [new("throttled", answer.Text)]),
        _ => new("failed", [], [new("failed", answer.Text)]),
    };

    private static Verdict Judge(string text, Commission commission, IReadOnlyList<Draft> before)
    {
        var (drafts, broken) = commission.Shape.Read(text);
        if (broken is not null) return new("rejected", [], [broken]);

        var (fit, problems) = (new List<Draft>(), new List<DraftProblem>());
        foreach (var draft in drafts)
        {
            List<DraftProblem> wrong = [.. DraftChecks.Of(draft.Text, commission.Rules), .. InTitle(draft, commission.Rules)];
            if (wrong.Count == 0) fit.Add(draft);
            else problems.AddRange(wrong);
        }

        var wanted = commission.Inputs.Count - before.Count;
        var accepted = Different(before, fit, problems).Take(wanted).ToList();
        return new(accepted.Count == wanted ? "accepted" : accepted.Count > 0 ? "partly" : "rejected", accepted, problems);
    }

    /// <summary>A suggested template's name and objective are shown as well: nothing may come in by them.</summary>
    private static IEnumerable<DraftProblem> InTitle(Draft draft, DraftRules rules) =>
        new[] { draft.Name, draft.Objective }.OfType<string>().Where(title => title.Length > 0)
            .SelectMany(title => DraftChecks.Of(title, rules with { RequiredVariables = new HashSet<string>() }))
            .Where(problem => !problem.Code.Contains("language", StringComparison.Ordinal)); // a few words tell no language

    private static IEnumerable<Draft> Different(IReadOnlyList<Draft> before, List<Draft> fit, List<DraftProblem> problems)
    {
        List<string> texts = [.. before.Concat(fit).Select(draft => draft.Text)];
        var dropped = NearDuplicates.Among(texts).Where(place => place >= before.Count).Select(place => place - before.Count).ToHashSet();
        if (dropped.Count > 0) problems.Add(new("near-duplicate", "Some messages are almost the same as another: make each one different."));
        return fit.Where((_, place) => !dropped.Contains(place));
    }
}
