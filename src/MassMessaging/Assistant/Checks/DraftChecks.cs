using MassMessaging.Templates;
using MassMessaging.Templates.Claims;

namespace MassMessaging.Assistant.Checks;

/// <summary>What the model wrote, judged by code: nothing here asks a model. Linear in the text's length.</summary>
public static class DraftChecks
{
    /// <summary>Beyond it nothing is looked at but the length.</summary>
    private const int MostLookedAt = 8_000;

    /// <summary>
    /// Empty: the draft may be shown. Codes: <c>draft-empty</c>, <c>draft-too-long</c>, <c>variable-unknown</c>,
    /// <c>variable-missing</c>, <c>placeholder</c>, <c>wrong-language</c>, <c>link-not-given</c>, <c>phone-not-given</c>,
    /// <c>health-claim</c>, <c>income-claim</c>, <c>banned-term</c>, <c>hidden-characters</c>, <c>quotes-the-prompt</c>.
    /// </summary>
    public static IReadOnlyList<DraftProblem> Of(string text, DraftRules rules)
    {
        if (string.IsNullOrWhiteSpace(text)) return [new("draft-empty", "The message is empty.")];
        if (text.Length > MostLookedAt) return [TooLong(text, rules)];

        return
        [
            .. text.Length > rules.MaxLength ? [TooLong(text, rules)] : Array.Empty<DraftProblem>(),
            .. HiddenCharacters.In(text),
            .. Variables(text, rules),
            .. DraftLanguage.Problems(text, rules.Language),
            .. GivenContacts.Problems(text, rules.Given),
            .. Claims(text, rules.Claims),
            .. BannedTerms.In(text, rules.BannedTerms),
            .. QuotedPrompt.In(text, rules.Confidential),
        ];
    }

    private static DraftProblem TooLong(string text, DraftRules rules) =>
        new("draft-too-long", $"The message has {text.Length} characters; at most {rules.MaxLength} are allowed.");

    private static IEnumerable<DraftProblem> Variables(string text, DraftRules rules)
    {
        var used = MessageText.Variables(text);
        foreach (var unknown in used.Where(token => !rules.KnownVariables.Contains(token)))
            yield return new("variable-unknown", $"{unknown} is not a variable that may be used.");
        foreach (var missing in rules.RequiredVariables.Where(token => !used.Contains(token)).Order(StringComparer.Ordinal))
            yield return new("variable-missing", $"The message must contain {missing}.");
        if (Placeholders.In(text, used) is { } placeholder)
            yield return new("placeholder", $"{placeholder} would be sent as it stands; only variables in braces are filled in.");
    }

    private static IEnumerable<DraftProblem> Claims(string text, ClaimsPolicy policy) =>
        policy.In(text).Select(claim => new DraftProblem(claim.Code, $"\"{text[claim.From..claim.To]}\" reads as {claim.Meaning}."));
}
