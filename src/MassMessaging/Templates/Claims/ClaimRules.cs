namespace MassMessaging.Templates.Claims;

/// <summary>One step of a rule: a class of words, or (class below 0) up to <paramref name="Gap"/> words of any kind.</summary>
/// <param name="Kind"><c>~</c>: within the sentence, <c>-</c>: and without a denial, <c>=</c>: into the next sentences.</param>
internal readonly record struct ClaimStep(int Class, int Gap, char Kind = '~');

/// <param name="IsLoose">The steps stand in one sentence in any order, unless a denial or a word of <c>@frame</c> stands there too.</param>
internal sealed record ClaimRule(string Category, IReadOnlyList<ClaimStep> Steps, bool IsLoose);

/// <summary>The file's classes and rules, ready to be matched: see claims.txt for how it is written.</summary>
internal sealed class ClaimRules
{
    private const int LongestStem = 24;
    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal);
    private readonly List<ClaimRule> rules = [];
    private readonly Dictionary<string, List<Entry>> words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Entry>> stems = new(StringComparer.Ordinal);
    private readonly List<Inclusion> inclusions = [];

    private ClaimRules()
    {
        inclusions.Add(new(ClassOf("@number"), ClassOf("#")));
        (Number, Money, Filler) = (ClassOf("#"), ClassOf("$"), ClassOf("@filler"));
        (Negator, Without, Only, Link, Contrast) = (
            ClassOf("@negator"), ClassOf("@without"), ClassOf("@only"), ClassOf("@link"), ClassOf("@contrast"));
        Frame = ClassOf("@frame");
    }

    /// <summary>Digits, and the words of <c>@number</c>.</summary>
    public int Number { get; }

    public int Money { get; }

    public int Filler { get; }

    public int Negator { get; }

    public int Without { get; }

    public int Only { get; }

    public int Link { get; }

    public int Contrast { get; }

    public int Frame { get; }

    public int ClassCount => names.Count;

    public IReadOnlyList<ClaimRule> Rules => rules;

    /// <exception cref="FormatException">A line that is neither a class nor a rule.</exception>
    public static ClaimRules Parse(string text)
    {
        var parsed = new ClaimRules();
        foreach (var each in text.Split('\n'))
        {
            var line = each.Trim();
            if (line.Length == 0 || line.StartsWith("# ", StringComparison.Ordinal) || line == "#") continue;

            if (line[0] == '@' && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                parsed.Define(line[..equals].Trim(), line[(equals + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                parsed.AddRule(line[..colon], line[(colon + 1)..]);
            else
                throw new FormatException($"\"{line}\" is neither a class nor a rule.");
        }

        parsed.CloseInclusions();
        return parsed;
    }

    /// <summary>For every word and class, by how many words the class matches there: bit n for n + 1 words.</summary>
    public byte[][] Match(IReadOnlyList<ClaimWord> text)
    {
        var matches = new byte[text.Count][];
        for (var at = 0; at < text.Count; at++)
        {
            var found = matches[at] = new byte[ClassCount];
            if (text[at].IsNumber) found[Number] |= 1;
            foreach (var reading in text[at].Readings)
            {
                if (reading is "$" or "€" or "£") found[Money] |= 1;
                foreach (var entry in EntriesOf(reading))
                {
                    if (Continues(text, at, entry.Rest)) found[entry.Class] |= (byte)(1 << entry.Rest.Length);
                }
            }

            foreach (var (inner, outer) in inclusions) found[outer] |= found[inner];
        }

        return matches;
    }

    private static bool Continues(IReadOnlyList<ClaimWord> text, int at, string[] rest)
    {
        if (at + rest.Length >= text.Count) return false;

        for (var index = 0; index < rest.Length; index++)
        {
            var word = text[at + 1 + index];
            if (word.StartsSentence || !word.Readings.Any(reading => Is(reading, rest[index]))) return false;
        }

        return true;
    }

    private static bool Is(string reading, string term) =>
        term[^1] == '*' ? reading.AsSpan().StartsWith(term.AsSpan(0, term.Length - 1), StringComparison.Ordinal) : reading == term;

    private IEnumerable<Entry> EntriesOf(string reading)
    {
        if (words.TryGetValue(reading, out var exact))
        {
            foreach (var entry in exact) yield return entry;
        }

        for (var length = 1; length <= Math.Min(reading.Length, LongestStem); length++)
        {
            if (!stems.TryGetValue(reading[..length], out var begun)) continue;
            foreach (var entry in begun) yield return entry;
        }
    }

    private ClaimStep Step(string element)
    {
        if (element[0] is '~' or '-' or '=')
            return new(-1, int.Parse(element.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture), element[0]);
        var isClass = element is "#" or "$" || (element[0] == '@' && !element.Contains('|', StringComparison.Ordinal));
        if (isClass) return new(ClassOf(element), 0);

        if (!names.ContainsKey(element)) Define(element, element.Split('|', StringSplitOptions.RemoveEmptyEntries));
        return new(ClassOf(element), 0);
    }

    private void AddRule(string category, string elements) => rules.Add(new(
        category.TrimEnd('+'), [.. elements.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Step)], category.EndsWith('+')));

    private void Define(string name, string[] alternatives)
    {
        var owner = ClassOf(name);
        foreach (var alternative in alternatives)
        {
            if (alternative is "#" or "$" || alternative[0] == '@')
            {
                inclusions.Add(new(ClassOf(alternative), owner));
                continue;
            }

            var terms = alternative.Split('_');
            var isStem = terms[0][^1] == '*';
            var index = isStem ? stems : words;
            var key = isStem ? terms[0][..^1] : terms[0];
            if (!index.TryGetValue(key, out var entries)) index[key] = entries = [];
            entries.Add(new(owner, terms[1..]));
        }
    }

    private int ClassOf(string name)
    {
        if (!names.TryGetValue(name, out var known)) names[name] = known = names.Count;
        return known;
    }

    /// <summary>A class of classes of classes holds the innermost too, in whatever order they were written.</summary>
    private void CloseInclusions()
    {
        var direct = inclusions.ToLookup(inclusion => inclusion.Outer, inclusion => inclusion.Inner);
        var closed = new List<Inclusion>();
        foreach (var outer in inclusions.Select(inclusion => inclusion.Outer).Distinct())
        {
            var seen = new HashSet<int>();
            var open = new Stack<int>(direct[outer]);
            while (open.TryPop(out var inner))
            {
                if (!seen.Add(inner)) continue;
                closed.Add(new(inner, outer));
                foreach (var deeper in direct[inner]) open.Push(deeper);
            }
        }

        inclusions.Clear();
        inclusions.AddRange(closed);
    }

    private sealed record Entry(int Class, string[] Rest);

    private sealed record Inclusion(int Inner, int Outer);
}
