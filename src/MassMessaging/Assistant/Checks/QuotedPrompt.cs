namespace MassMessaging.Assistant.Checks;

/// <summary>Whether a draft recites what it was told in confidence.</summary>
internal static class QuotedPrompt
{
    private const int TooMany = 8;

    public static IEnumerable<DraftProblem> In(string text, IReadOnlyList<string> confidential)
    {
        if (confidential.Count == 0) yield break;

        var told = confidential.SelectMany(Runs).ToHashSet(StringComparer.Ordinal);
        if (Runs(text).Any(told.Contains)) yield return new("quotes-the-prompt", "The message recites its own instructions.");
    }

    private static IEnumerable<string> Runs(string text)
    {
        var words = DraftWords.Of(text);
        for (var at = 0; at + TooMany <= words.Count; at++) yield return string.Join(' ', words.Skip(at).Take(TooMany));
    }
}
