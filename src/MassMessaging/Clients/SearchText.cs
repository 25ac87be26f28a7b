using System.Globalization;
using System.Text;

namespace MassMessaging.Clients;

/// <summary>Texts as people search and compare them: lower case, without accents, one blank between words.</summary>
public static class SearchText
{
    // Letters that have no accent to take off, but are typed without it.
    private static readonly Dictionary<char, string> letters = new()
    {
        ['ß'] = "ss", ['æ'] = "ae", ['œ'] = "oe", ['ø'] = "o", ['ł'] = "l", ['đ'] = "d", ['ð'] = "d", ['þ'] = "th", ['ı'] = "i",
    };

    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var character in OneLine(text).Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark) continue;

            var lower = char.ToLowerInvariant(character);
            folded.Append(letters.GetValueOrDefault(lower) ?? lower.ToString());
        }

        return folded.ToString();
    }

    /// <summary>
    /// Line breaks, tabs, control characters and U+FFFE, which has no normal form, become blanks; no blank at the ends, never two together.
    /// </summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes()) // half a sign is told as U+FFFD
        {
            if (!Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune) && rune.Value != 0xFFFE) line.Append(units[..rune.EncodeToUtf16(units)]);
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }

        return line.ToString().TrimEnd(' ');
    }

    /// <summary>A pattern for <c>like</c> that finds the text anywhere, taken literally.</summary>
    public static string Anywhere(string text) =>
        $"%{string.Concat(text.Select(character => character is '\\' or '%' or '_' ? $"\\{character}" : character.ToString()))}%";
}
