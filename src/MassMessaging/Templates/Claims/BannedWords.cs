namespace MassMessaging.Templates.Claims;

/// <summary>
/// Single terms in a text, read as the policy reads: a term is one word or several, and <c>cut*</c> is every word that begins so.
/// </summary>
public static class BannedWords
{
    /// <summary>Those of the terms that stand in the text, as they were given, without repeats.</summary>
    public static IReadOnlyList<string> In(string text, IReadOnlyList<string> terms)
    {
        if (terms.Count == 0) return [];

        var whole = ClaimText.Words(text, joined: false);
        var joined = ClaimText.IsBroken(text) ? ClaimText.Words(text, joined: true) : [];
        return [.. terms.Distinct(StringComparer.Ordinal).Where(term => Stands(term, whole) || Stands(term, joined))];
    }

    private static bool Stands(string term, IReadOnlyList<ClaimWord> text)
    {
        var isStem = term.EndsWith('*');
        var wanted = ClaimText.Words(isStem ? term[..^1] : term, joined: false);
        if (wanted.Count == 0) return false;

        for (var at = 0; at + wanted.Count <= text.Count; at++)
        {
            var matches = true;
            for (var index = 0; matches && index < wanted.Count; index++)
                matches = IsSame(text[at + index], wanted[index].Readings[0], isStem && index == wanted.Count - 1);
            if (matches) return true;
        }

        return false;
    }

    private static bool IsSame(ClaimWord word, string wanted, bool isStem) =>
        word.Readings.Any(reading => isStem ? reading.StartsWith(wanted, StringComparison.Ordinal) : reading == wanted);
}
