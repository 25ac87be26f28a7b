namespace MassMessaging.Templates.Claims;

/// <summary>
/// Rules against words. Every rule has few steps and short gaps, so that each place of a text costs a bounded amount of work.
/// </summary>
internal sealed class ClaimMatcher
{
    private const int MostFillers = 3;
    private const int FurthestDenial = 7;
    private const int ReachOfDisclaimer = 14;
    private const int MostWordsOfACall = 3;
    private readonly ClaimRules rules;
    private readonly IReadOnlyList<ClaimWord> words;
    private readonly byte[][] classes;

    private ClaimMatcher(ClaimRules rules, IReadOnlyList<ClaimWord> words) =>
        (this.rules, this.words, classes) = (rules, words, rules.Match(words));

    public static IEnumerable<Claim> Claims(ClaimRules rules, IReadOnlyList<ClaimWord> words) => new ClaimMatcher(rules, words).Find();

    private List<Claim> Find()
    {
        var spans = new List<(string Category, int From, int To)>();
        foreach (var rule in rules.Rules.Where(rule => !rule.IsLoose))
        {
            for (var at = 0; at < words.Count; at++)
            {
                if (classes[at][rule.Steps[0].Class] != 0 && End(rule.Steps, 0, at) is > 0 and var end) spans.Add((rule.Category, at, end));
            }
        }

        foreach (var (from, to) in Sentences())
        {
            if (Has(rules.Frame, from, to)) continue;
            if (spans.Exists(span => span.Category == "disclaim" && span.From >= from && span.From < to)) continue;

            foreach (var rule in rules.Rules.Where(rule => rule.IsLoose))
            {
                if (Loose(rule.Steps, from, to) is { } span) spans.Add((rule.Category, span.From, span.To));
            }
        }

        var allowed = spans.Where(span => span.Category == "allow").ToList();
        var disclaimed = spans.Where(span => span.Category == "disclaim").ToList();
        return
        [
            .. from span in spans
            where span.Category is not ("allow" or "disclaim")
            where !allowed.Any(other => other.From <= span.From && other.To >= span.To)
            where !disclaimed.Any(other => other.From < span.From && (span.From < other.To || IsReached(other.To, span.From)))
            where !IsDenied(span.From)
            select new Claim(span.Category, words[span.From].From, words[span.To - 1].To),
        ];
    }

    /// <summary>A very short one goes with the next: "Anxiety? Our oil fixes it."</summary>
    private IEnumerable<(int From, int To)> Sentences()
    {
        var from = 0;
        for (var at = 1; at <= words.Count; at++)
        {
            if (at < words.Count && (!words[at].StartsSentence || at - from <= MostWordsOfACall)) continue;

            yield return (from, at);
            from = at;
        }
    }

    private bool Has(int wanted, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            if (classes[at][wanted] != 0) return true;
        }

        return false;
    }

    /// <summary>Each step at a word of its own. A denial that is part of a step ("never again") is none.</summary>
    private (int From, int To)? Loose(IReadOnlyList<ClaimStep> steps, int from, int to)
    {
        var taken = new List<(int From, int To)>(steps.Count);
        foreach (var step in steps)
        {
            var place = -1;
            for (var at = from; at < to && place < 0; at++)
            {
                if (classes[at][step.Class] != 0 && !taken.Exists(other => at >= other.From && at < other.To)) place = at;
            }

            if (place < 0) return null;
            taken.Add((place, Math.Min(to, place + 1 + System.Numerics.BitOperations.Log2(classes[place][step.Class]))));
        }

        for (var at = from; at < to; at++)
        {
            var isDenial = (classes[at][rules.Negator] | classes[at][rules.Without]) != 0;
            if (isDenial && !taken.Exists(other => at >= other.From && at < other.To)) return null;
        }

        return (taken.Min(each => each.From), taken.Max(each => each.To));
    }

    /// <returns>Behind the last word of the match; 0 where there is none.</returns>
    private int End(IReadOnlyList<ClaimStep> steps, int step, int at, bool leaps = false)
    {
        if (step == steps.Count) return at;
        if (steps[step].Class < 0) return Gap(steps, step, at);

        for (var skipped = 0; skipped <= MostFillers && at < words.Count; skipped++)
        {
            if (step > 0 && words[at].StartsSentence && !(leaps && skipped == 0)) return 0;

            var lengths = classes[at][steps[step].Class];
            for (var length = 1; lengths != 0; length++, lengths >>= 1)
            {
                if ((lengths & 1) != 0 && End(steps, step + 1, at + length) is > 0 and var end) return end;
            }

            if (step == 0 || classes[at][rules.Filler] == 0) return 0;
            at++;
        }

        return 0;
    }

    private int Gap(IReadOnlyList<ClaimStep> steps, int step, int at)
    {
        var kind = steps[step].Kind;
        for (var skipped = 0; skipped <= steps[step].Gap; skipped++)
        {
            if (End(steps, step + 1, at + skipped, leaps: kind == '=') is > 0 and var end) return end;
            if (at + skipped >= words.Count || (kind != '=' && words[at + skipped].StartsSentence)) return 0;
            if (kind == '-' && (classes[at + skipped][rules.Negator] | classes[at + skipped][rules.Without]) != 0) return 0;
        }

        return 0;
    }

    /// <summary>"no te va a curar", "sin garantía de ingresos"; but not "no solo cura".</summary>
    private bool IsDenied(int from)
    {
        for (var at = from - 1; at >= 0 && at >= from - FurthestDenial; at--)
        {
            if (words[at + 1].StartsClause) return false;
            if (classes[at][rules.Negator] != 0) return classes[at + 1][rules.Only] == 0;
            if (classes[at][rules.Without] != 0) return at == from - 1 || classes[at + 1][rules.Filler] != 0;
            if (classes[at][rules.Link] == 0 && classes[at][rules.Filler] == 0) return false;
        }

        return false;
    }

    private bool IsReached(int from, int to)
    {
        if (to - from > ReachOfDisclaimer) return false;

        for (var at = from; at <= to; at++)
        {
            if (words[at].StartsSentence || (at < to && classes[at][rules.Contrast] != 0)) return false;
        }

        return true;
    }
}
