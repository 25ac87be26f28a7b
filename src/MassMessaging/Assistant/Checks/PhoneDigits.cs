using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MassMessaging.Assistant.Checks;

/// <summary>Phone numbers in a text, as digits: however they are grouped, in digits of any script, or spelled out digit by digit.</summary>
internal static class PhoneDigits
{
    private const int Fewest = 7;

    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private static readonly FrozenDictionary<string, char> Spoken = new Dictionary<string, char>
    {
        ["cero"] = '0', ["uno"] = '1', ["dos"] = '2', ["tres"] = '3', ["cuatro"] = '4', ["cinco"] = '5', ["seis"] = '6', ["siete"] = '7',
        ["ocho"] = '8', ["nueve"] = '9', ["zero"] = '0', ["um"] = '1', ["dois"] = '2', ["três"] = '3', ["quatro"] = '4', ["meia"] = '6',
        ["sete"] = '7', ["oito"] = '8', ["nove"] = '9', ["oh"] = '0', ["one"] = '1', ["two"] = '2', ["three"] = '3', ["four"] = '4',
        ["five"] = '5', ["six"] = '6', ["seven"] = '7', ["eight"] = '8', ["nine"] = '9',
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly Regex Word = new(@"\b\p{L}+\b", Options);

    // Dates, times and grouped amounts are no phones, and must not lend their digits to one.
    private static readonly Regex NoPhone = new(
        @"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}\b|\b\d{1,2}:\d{2}\b|\b\d{1,3}([.,]\d{3})+\b"
        + @"|[$€£]\s?\d+([.,]\d+)?\b",
        Options);

    private static readonly Regex Run = new(@"\+?\d([\s().\-–—_/*·•|,+]{0,4}\d){6,19}", Options);

    public static IReadOnlyList<string> In(string text)
    {
        var plain = NoPhone.Replace(Latin(text), " x ");
        return
        [
            .. Run.Matches(Digits(plain)).Select(match => string.Concat(match.Value.Where(char.IsAsciiDigit)))
                .Where(digits => digits.Length >= Fewest),
        ];
    }

    private static string Latin(string text)
    {
        var latin = new StringBuilder(text.Length);
        foreach (var sign in text)
        {
            var digit = CharUnicodeInfo.GetDecimalDigitValue(sign);
            latin.Append(digit < 0 ? sign : (char)('0' + digit));
        }

        return latin.ToString();
    }

    private static string Digits(string text) =>
        Word.Replace(text, match => Spoken.TryGetValue(match.Value, out var digit) ? digit.ToString() : match.Value);
}
