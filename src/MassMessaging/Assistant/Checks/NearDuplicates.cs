namespace MassMessaging.Assistant.Checks;

/// <summary>Variations that a reader would take for the same message.</summary>
public static class NearDuplicates
{
    /// <summary>The share of neighbouring word pairs that two texts have in common (Dice), from which on they are the same.</summary>
    public const double Alike = 0.7;

    /// <summary>The places of those to drop: each is nearly one that stands before it.</summary>
    public static IReadOnlyList<int> Among(IReadOnlyList<string> texts)
    {
        var kept = new List<Dictionary<(string, string), int>>();
        var dropped = new List<int>();
        for (var index = 0; index < texts.Count; index++)
        {
            var pairs = Pairs(texts[index]);
            if (kept.Any(other => Share(other, pairs) >= Alike)) dropped.Add(index);
            else kept.Add(pairs);
        }

        return dropped;
    }

    private static double Share(Dictionary<(string, string), int> one, Dictionary<(string, string), int> other)
    {
        var total = one.Values.Sum() + other.Values.Sum();
        return total == 0 ? 1 : 2.0 * one.Sum(pair => Math.Min(pair.Value, other.GetValueOrDefault(pair.Key))) / total;
    }

    /// <summary>With the rims, so that a single word has pairs too.</summary>
    private static Dictionary<(string, string), int> Pairs(string text)
    {
        var words = DraftWords.Of(text);
        var pairs = new Dictionary<(string, string), int>();
        for (var at = 0; words.Count > 0 && at <= words.Count; at++)
        {
            var pair = (at == 0 ? "" : words[at - 1], at == words.Count ? "" : words[at]);
            pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
        }

        return pairs;
    }
}
