using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace MassMessaging.Templates.Claims;

/// <summary>
/// A text as the policy reads it: lower case, no accents, no invisible characters, letters of other alphabets that look like Latin ones
/// as these. Each word knows where it stood.
/// </summary>
internal static class ClaimText
{
    private static readonly FrozenSet<string> Units = new[]
    {
        "kg", "kgs", "kilos", "kilo", "k", "lb", "lbs", "h", "hs", "hrs", "min", "d", "dias", "days", "mg", "ml", "g", "x", "am", "pm", "cm",
        "usd", "mil", "meses", "semanas", "weeks", "quilos", "libras", "pounds", "euros", "pesos", "horas", "anos",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<char, char> LooksLike = Pairs(
        "аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwкkмmнhтtвbгrпnиu"
        + "αaεeοoρpτtυuνvιiκkχxηnγyωwσoβb"
        + "’'ıiłløoðdđdħhŋnƒfʟlɑaɡgꜱsʀr");

    private static readonly FrozenDictionary<char, char> DigitLetters = Pairs("0o1i3e4a5s7t8b@a$s€e");

    /// <param name="joined">Read over what parts the letters of a word: <c>c.u.r.a</c>, <c>c u r a</c>, <c>cu*ra</c>.</param>
    public static IReadOnlyList<ClaimWord> Words(string text, bool joined)
    {
        var (signs, origin) = Plain(text);
        if (joined) (signs, origin) = Joined(signs, origin);
        var words = new List<ClaimWord>();
        var (endsSentence, endsClause) = (true, true);
        for (var at = 0; at < signs.Length;)
        {
            var end = WordEnd(signs, at);
            if (end > at)
            {
                Add(signs[at..end], at, end);
                (endsSentence, endsClause) = (false, false);
                at = end;
                continue;
            }

            endsSentence |= EndsSentence(signs, at);
            endsClause |= endsSentence || ",()[]–—\"«»“”".Contains(signs[at], StringComparison.Ordinal);
            at++;
        }

        return words;

        void Add(string word, int from, int to)
        {
            var digits = 0;
            while (digits < word.Length && char.IsAsciiDigit(word[digits])) digits++;
            var isAmount = digits > 0 && digits < word.Length && Units.Contains(word[digits..]);
            if (isAmount) words.Add(new([word[..digits]], origin[from], origin[from + digits - 1] + 1, endsSentence, endsClause));
            var start = isAmount ? from + digits : from;
            words.Add(new(
                isAmount ? [word[digits..]] : Readings(word), origin[start], origin[to - 1] + 1,
                !isAmount && endsSentence, !isAmount && endsClause));
        }
    }

    /// <summary>Whether reading over what parts letters can make any difference.</summary>
    public static bool IsBroken(string text)
    {
        for (var at = 1; at + 1 < text.Length; at++)
        {
            if (char.IsLetter(text[at]) || char.IsDigit(text[at])) continue;
            if (char.IsLetter(text[at - 1]) && char.IsLetter(text[at + 1]) && text[at] != ' ') return true;
            if (text[at] == ' ' && IsAlone(text, at - 1) && IsAlone(text, at + 1)) return true;
        }

        return false;
    }

    private static (string Signs, List<int> Origin) Plain(string text)
    {
        var signs = new StringBuilder(text.Length);
        var origin = new List<int>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            var length = isWhole ? rune.Utf16SequenceLength : 1;
            if (isWhole && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark))
            {
                foreach (var sign in Decomposed(rune))
                {
                    if (CharUnicodeInfo.GetUnicodeCategory(sign) == UnicodeCategory.NonSpacingMark) continue;

                    var lower = char.ToLowerInvariant(sign);
                    signs.Append(LooksLike.GetValueOrDefault(lower, lower));
                    origin.Add(at);
                }
            }
            else if (!isWhole)
            {
                signs.Append(' ');
                origin.Add(at);
            }

            at += length;
        }

        return (signs.ToString(), origin);
    }

    private static string Decomposed(Rune rune)
    {
        var text = rune.ToString();
        return rune.IsAscii || rune.Value is 0xFFFE or 0xFFFF ? text : text.Normalize(NormalizationForm.FormKD);
    }

    private static (string Signs, List<int> Origin) Joined(string signs, List<int> origin)
    {
        var kept = new StringBuilder(signs.Length);
        var places = new List<int>(signs.Length);
        for (var at = 0; at < signs.Length; at++)
        {
            if (at > 0 && at + 1 < signs.Length && Parts(signs, at)) continue;

            kept.Append(signs[at]);
            places.Add(origin[at]);
        }

        return (kept.ToString(), places);
    }

    private static bool Parts(string signs, int at) =>
        !char.IsLetterOrDigit(signs[at]) && !"@$€".Contains(signs[at], StringComparison.Ordinal)
        && (signs[at] == ' ' ? IsAlone(signs, at - 1) && IsAlone(signs, at + 1)
            : !char.IsWhiteSpace(signs[at]) && char.IsLetterOrDigit(signs[at - 1]) && char.IsLetter(signs[at + 1]));

    /// <summary>A single letter between spaces.</summary>
    private static bool IsAlone(string text, int at) =>
        char.IsLetterOrDigit(text[at])
        && (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
        && (at + 1 == text.Length || !char.IsLetterOrDigit(text[at + 1]));

    private static bool EndsSentence(string signs, int at) => signs[at] switch
    {
        '!' or '?' or ';' or '\n' or '¡' or '¿' or ':' => true,
        '.' or '…' => at + 1 == signs.Length || !char.IsLetterOrDigit(signs[at + 1]),
        _ => false,
    };

    private static int WordEnd(string signs, int at)
    {
        if (signs[at] is '$' or '€' or '£' or '%') return at + 1;
        if (!char.IsLetterOrDigit(signs[at])) return at;

        var end = at + 1;
        while (end < signs.Length && (char.IsLetterOrDigit(signs[end]) || Continues(signs, end))) end++;
        return end;
    }

    /// <summary>A digit group's point, an apostrophe, or a sign in a letter's place.</summary>
    private static bool Continues(string signs, int at)
    {
        if (at + 1 >= signs.Length) return false;

        var (before, after) = (signs[at - 1], signs[at + 1]);
        return signs[at] switch
        {
            '.' or ',' => char.IsAsciiDigit(before) && char.IsAsciiDigit(after),
            '\'' or '@' or '$' or '€' => char.IsLetter(before) && char.IsLetter(after),
            _ => false,
        };
    }

    private static List<string> Readings(string word)
    {
        var readings = new List<string> { word };
        if (word.Any(char.IsAsciiLetter) && word.Any(DigitLetters.ContainsKey))
        {
            readings.Add(string.Concat(word.Select(sign => DigitLetters.GetValueOrDefault(sign, sign))));
            if (word.Contains('1', StringComparison.Ordinal))
                readings.Add(string.Concat(word.Select(sign => sign == '1' ? 'l' : DigitLetters.GetValueOrDefault(sign, sign))));
        }

        foreach (var reading in readings.ToArray())
        {
            if (Shortened(reading, 1) is not { } one) continue;

            readings.Add(one);
            readings.Add(Shortened(reading, 2)!);
        }

        return readings;
    }

    /// <summary>Null where no letter stands three times in a row.</summary>
    private static string? Shortened(string word, int most)
    {
        var kept = new StringBuilder(word.Length);
        var isDrawnOut = false;
        for (var at = 0; at < word.Length;)
        {
            var end = at;
            while (end < word.Length && word[end] == word[at]) end++;
            var isLong = end - at >= 3 && char.IsLetter(word[at]);
            isDrawnOut |= isLong;
            kept.Append(word[at], isLong ? most : end - at);
            at = end;
        }

        return isDrawnOut ? kept.ToString() : null;
    }

    private static FrozenDictionary<char, char> Pairs(string pairs) =>
        pairs.Chunk(2).DistinctBy(pair => pair[0]).ToFrozenDictionary(pair => pair[0], pair => pair[1]);
}
