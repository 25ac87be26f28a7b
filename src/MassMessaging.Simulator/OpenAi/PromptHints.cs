using System.Globalization;
using System.Text.RegularExpressions;

namespace MassMessaging.Simulator.OpenAi;

/// <summary>What a prompt asks for, as far as a few patterns can tell.</summary>
internal sealed record PromptHints(string Language, int Count, IReadOnlyList<string> Variables, int MaxLength)
{
    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private static readonly Regex Named = new(
        @"\b(language|idioma|lengua|lingua)\b[^\p{L}\n]{0,8}((is|es|of)[^\p{L}\n]+)?(?<named>[a-z]{2}\b|span|espa|port|engl|ingl)",
        Options);

    private static readonly Regex AnyLanguage = new(
        @"\b(?<named>spanish|español|espanhol|portuguese|português|portugués|english|inglés|inglês)\b", Options);

    private static readonly Regex Number = new(
        @"\b(?<count>\d{1,2})\s+(different\s+|distinct\s+)?(variation|variaci|message|mensaje|mensage|draft|option|borrador|template|plantilla)",
        Options);

    private static readonly Regex NumberAfter = new(
        @"\b(count|variations|variaciones|cantidad|quantity)\W{1,6}(?<count>\d{1,2})\b", Options);

    private static readonly Regex Token = new(@"\{[a-z_]{3,30}\}", Options);

    private static readonly Regex Length = new(@"\b(?<length>\d{2,4})\s+(characters|caracteres|chars)", Options);

    public static PromptHints Of(string prompt) => new(
        LanguageOf(prompt),
        Group(Number.Match(prompt), "count") ?? Group(NumberAfter.Match(prompt), "count") ?? 1,
        [.. Token.Matches(prompt).Select(match => match.Value).Distinct(StringComparer.Ordinal)],
        Group(Length.Match(prompt), "length") ?? 1000);

    private static string LanguageOf(string prompt)
    {
        var named = Named.Match(prompt) is { Success: true } said ? said : AnyLanguage.Match(prompt);
        var word = named.Groups["named"].Value.ToUpperInvariant();
        return word.StartsWith("PT", StringComparison.Ordinal) || word.StartsWith("PORT", StringComparison.Ordinal) ? "pt"
            : word.StartsWith("EN", StringComparison.Ordinal) || word.StartsWith("INGL", StringComparison.Ordinal) ? "en"
            : "es";
    }

    private static int? Group(Match match, string name) =>
        match.Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : null;
}
