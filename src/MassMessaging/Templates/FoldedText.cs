using System.Globalization;
using System.Text;

namespace MassMessaging.Templates;

/// <summary>Text in lower case without accents, with the way back: <c>Origin[i]</c> is where character i stood.</summary>
internal sealed record FoldedText(string Text, IReadOnlyList<int> Origin)
{
    public static FoldedText Of(string text)
    {
        var folded = new StringBuilder(text.Length);
        var origin = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
        {
            foreach (var c in Decomposed(text[i]))
            {
                if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;

                folded.Append(char.ToLowerInvariant(c));
                origin.Add(i);
            }
        }

        origin.Add(text.Length);
        return new(folded.ToString(), origin);
    }

    public int From(int index) => Origin[index];

    public int To(int end) => end == 0 ? 0 : Origin[end - 1] + 1;

    private static string Decomposed(char c) =>
        char.IsAscii(c) || char.IsSurrogate(c) || c == '\uFFFE' // these cannot be normalised, and no pattern holds one
            ? c.ToString()
            : c.ToString().Normalize(NormalizationForm.FormD);
}
