using MassMessaging.Templates.Claims;

namespace MassMessaging.Assistant.Checks;

/// <summary>The profile's own banned words, found as the claims policy finds its: whatever their case, accents and disguise.</summary>
internal static class BannedTerms
{
    public static IEnumerable<DraftProblem> In(string text, IReadOnlyList<string> terms) =>
        from term in BannedWords.In(text, terms)
        select new DraftProblem("banned-term", $"\"{term}\" is among the profile's banned terms.");
}
