using System.Text;
using System.Text.RegularExpressions;

namespace MassMessaging.Assistant.Checks;

/// <summary>Links, e-mail addresses and phone numbers: only those that the advisor gave may stand in a draft.</summary>
internal static class GivenContacts
{
    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const string Domains =
        "com|net|org|info|biz|io|app|dev|xyz|shop|store|site|online|link|live|club|top|vip|pro|page|web|click|blog|gov|edu|example|test|"
        + "invalid|mx|ar|br|pe|cl|uy|py|bo|ec|ve|cr|gt|hn|sv|ni|pa|pr|do|cu|pt|es|us|uk|eu|ru|cn|tk|ml|cf|gq|ly|gl|gg|cc|tv|ws|id|ai|co|mobi|"
        + "xn--[a-z0-9]+";

    // The endings that are words of a sentence too ("bien.me alegra") only count with a path behind them.
    private static readonly Regex Link = new(
        @"\b[a-z][a-z0-9+.\-]{1,15}://[^\s<>""“”«»]+|\bwww\d?\.[^\s<>""“”«»]+"
        + @"|\b(mailto|tel|wa|whatsapp|javascript|data):[^\s<>""“”«»]+"
        + @"|[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(\.[\p{L}\p{N}\-]+)+"
        + $@"|\b[\p{{L}}\p{{N}}][\p{{L}}\p{{N}}\-]*(\.[\p{{L}}\p{{N}}\-]+)*\.({Domains})\b(:\d+)?([/?#][^\s<>""“”«»]*)?"
        + @"|\b[\p{L}\p{N}\-]+(\.[\p{L}\p{N}\-]+)*\.(me|to|de|la|is|in|it|so|se|no|am|al|st|im)/[^\s<>""“”«»]+"
        + @"|\b\d{1,3}(\.\d{1,3}){3}(:\d+)?(/[^\s]*)?",
        Options);

    private static readonly Regex Spelled = new(
        @"\b[\p{L}\p{N}\-]+\s*[\[({]?\s*\b(dot|punto|ponto)\b\s*[\])}]?\s*"
        + @"(com|net|org|info|io|app|xyz|example|mx|ar|br|pe|cl|co|shop|link|site|online)\b"
        + @"|\b[\p{L}\p{N}\-]+(\s+\.\s*|\s*\.\s+|\s*[\[({]\s*\.\s*[\])}]\s*)(com|net|org|xyz|info|example)\b",
        Options);

    public static IEnumerable<DraftProblem> Problems(string text, string? given)
    {
        var (plain, allowed) = (Plain(text), Plain(given ?? ""));
        var links = Links(allowed).ToHashSet(StringComparer.Ordinal);
        foreach (var link in Links(plain).Where(link => !links.Contains(link)).Distinct(StringComparer.Ordinal))
            yield return new("link-not-given", $"The link or address \"{link}\" was not given.");

        var phones = PhoneDigits.In(allowed);
        var others = PhoneDigits.In(plain).Where(phone => !phones.Any(known => IsSame(known, phone)));
        foreach (var phone in others.Distinct(StringComparer.Ordinal))
            yield return new("phone-not-given", $"The number {phone} looks like a phone that was not given.");
    }

    /// <summary>Without what a reader does not see, in the letters that a browser reads.</summary>
    private static string Plain(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != System.Globalization.UnicodeCategory.Format) visible.Append(rune);
        }

        return visible.Replace("\uFFFE", "").Replace("\uFFFF", "").ToString().Normalize(NormalizationForm.FormKC).Replace('。', '.');
    }

    private static IEnumerable<string> Links(string text) =>
        Link.Matches(text).Select(match => Address(match.Value))
            .Concat(Spelled.Matches(text).Select(match => Address(match.Value)))
            .Where(address => address.Length > 0);

    private static string Address(string link)
    {
        var address = link.ToLowerInvariant().TrimEnd('.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '*', '_', '~', '/');
        if (address.StartsWith("https://", StringComparison.Ordinal)) address = address[8..];
        else if (address.StartsWith("http://", StringComparison.Ordinal)) address = address[7..];
        return address.StartsWith("www.", StringComparison.Ordinal) ? address[4..] : address;
    }

    /// <summary>One with and one without the country's digits are the same.</summary>
    private static bool IsSame(string known, string phone) =>
        known.EndsWith(phone, StringComparison.Ordinal)
        || (known.Length >= 8 && phone.EndsWith(known, StringComparison.Ordinal) && phone.Length - known.Length <= 4);
}
