using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace MassMessaging.Clients;

/// <summary>
/// Whether a reply is one of some words or short phrases and nothing else but courtesies, whatever its accents, case, punctuation and
/// repetitions.
/// </summary>
public static class ShortReply
{
    private const int Longest = 120; // characters: no phrase with its courtesies is longer

    // Longest first: "muchas gracias" before "gracias".
    private static readonly string[] Courtesies = [.. Lines("""
        buenas, buenas noches, buenas tardes, buenos dias, buen dia, con todo respeto, disculpa, disculpe, favor, gracias,
        hola, lo siento, muchas gracias, perdon, por favor, porfa, porfavor, ya, boa noite, boa tarde, bom dia, desculpa,
        desculpe, muito obrigada, muito obrigado, obrigada, obrigado, oi, ola, hello, hi, now, please, sorry, thank you,
        thanks
        """).OrderByDescending(words => words.Length)];

    /// <summary>The first language that has it: <c>es</c>, <c>pt</c> or <c>en</c>; null: none.</summary>
    public static string? LanguageOf(string text, FrozenSet<string> spanish, FrozenSet<string> portuguese, FrozenSet<string> english)
    {
        if (text.Length > Longest) return null;

        var words = Once(Words(text));
        while (true)
        {
            if (spanish.Contains(words)) return "es";
            if (portuguese.Contains(words)) return "pt";
            if (english.Contains(words)) return "en";

            var fewer = WithoutCourtesy(words);
            if (fewer.Length == words.Length) return null;
            words = fewer;
        }
    }

    /// <summary>Phrases between commas, without accents and in lower case.</summary>
    public static FrozenSet<string> Lines(string lines) =>
        lines.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static string WithoutCourtesy(string words)
    {
        foreach (var courtesy in Courtesies)
        {
            if (words.StartsWith(courtesy + " ", StringComparison.Ordinal)) return words[(courtesy.Length + 1)..];
            if (words.EndsWith(" " + courtesy, StringComparison.Ordinal)) return words[..^(courtesy.Length + 1)];
        }

        return words;
    }

    /// <summary>Letters and digits without accents, in lower case, one blank between words; apostrophes join, all else parts.</summary>
    private static string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var rune in string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark || rune.Value is '\'' or '’' or '´' or '`') continue;
            if (Rune.IsLetterOrDigit(rune)) words.Append(Rune.ToLowerInvariant(rune));
            else if (words.Length > 0 && words[^1] != ' ') words.Append(' ');
        }

        return words.ToString().Trim();
    }

    /// <summary>"stop stop stop" is "stop".</summary>
    private static string Once(string words)
    {
        var each = words.Split(' ');
        return each.All(word => word == each[0]) ? each[0] : words;
    }
}
