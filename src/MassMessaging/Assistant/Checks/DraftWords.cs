using System.Globalization;
using System.Text;

namespace MassMessaging.Assistant.Checks;

/// <summary>A text's words in lower case without accents, signs or emoji.</summary>
internal static class DraftWords
{
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var plain = text.Replace("\uFFFE", "", StringComparison.Ordinal).Replace("\uFFFF", "", StringComparison.Ordinal);
        foreach (var rune in plain.EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(rune) && rune.Value != '_')
            {
                Close();
                continue;
            }

            foreach (var sign in rune.ToString().Normalize(NormalizationForm.FormKD))
            {
                if (CharUnicodeInfo.GetUnicodeCategory(sign) != UnicodeCategory.NonSpacingMark) word.Append(char.ToLowerInvariant(sign));
            }
        }

        Close();
        return words;

        void Close()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }
}
