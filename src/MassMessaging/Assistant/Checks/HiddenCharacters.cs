using System.Globalization;

namespace MassMessaging.Assistant.Checks;

/// <summary>
/// Characters that show nothing, or turn the direction of reading: they hide words from a person, never from a client's phone.
/// </summary>
internal static class HiddenCharacters
{
    private const char ZeroWidthJoiner = '\u200D'; // of emoji, such as families

    public static IEnumerable<DraftProblem> In(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(text, at);
            var isHidden = category == UnicodeCategory.Control
                ? text[at] is not ('\n' or '\r' or '\t')
                : category is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate && !IsEmojiPart(text, at);
            if (isHidden)
                return [new("hidden-characters", $"The message holds an invisible character (U+{(int)text[at]:X4})")];
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length) at++;
        }

        return [];
    }

    /// <summary>Flags of regions are spelled with tag characters, and joined emoji with joiners.</summary>
    private static bool IsEmojiPart(string text, int at) =>
        (text[at] == ZeroWidthJoiner && at > 0 && !char.IsAscii(text[at - 1]) && !char.IsLetter(text[at - 1]))
        || (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.ConvertToUtf32(text, at) is >= 0xE0020 and <= 0xE007F
            && text.Contains("\U0001F3F4", StringComparison.Ordinal));
}
