using System.Globalization;
using System.Text;

namespace MassMessaging.Assistant.Memory;

/// <summary>
/// Some servers escape every letter beyond ASCII in their JSON: <c>Jos\u00e9</c>. An answer is kept as it came but for these letters, or an
/// erased client's name would not be found in it. It need not be whole JSON.
/// </summary>
internal static class Unescaped
{
    private const int Length = 6;

    public static string Letters(string answer)
    {
        var text = new StringBuilder(answer.Length);
        for (var at = 0; at < answer.Length;)
        {
            if (Letter(answer, at) is { } letter)
            {
                text.Append(letter);
                at += Length;
                continue;
            }

            var taken = answer[at] == '\\' && at + 1 < answer.Length ? 2 : 1; // what a backslash escapes starts no other escape
            text.Append(answer, at, taken);
            at += taken;
        }

        return text.ToString();
    }

    /// <summary>Null: no escape, or of what JSON must escape, or half of a sign that takes two.</summary>
    private static char? Letter(string answer, int at) =>
        at + Length <= answer.Length && answer[at] == '\\' && answer[at + 1] == 'u'
        && ushort.TryParse(answer.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
        && code >= 0x80 && !char.IsSurrogate((char)code)
            ? (char)code
            : null;
}
