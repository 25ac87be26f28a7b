using System.Text.RegularExpressions;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary>The line that tells a client who writes, under the first message ever sent to them. Pure.</summary>
public static partial class IdentificationLine
{
    /// <param name="text">The profile's, with variables; null: switched off.</param>
    public static string Under(string message, string? text, MessageValues values) =>
        Of(text, values) is { } line ? $"{message}\n{line}" : message;

    /// <summary>
    /// Rendered. What has no value (an advisor without a business name) is left out together with the comma, dash, bracket or short
    /// word that joins it: “— Ana”, not “— Ana, ”. Null when nothing to read is left.
    /// </summary>
    public static string? Of(string? text, MessageValues values)
    {
        if (text is null) return null;

        var kept = Joined().Replace(
            text, match => string.IsNullOrWhiteSpace(Variable.ValueOf(match.Groups["token"].Value, values) ?? "-") ? "" : match.Value);
        var line = MessageText.Render(kept.Length == text.Length ? kept : kept.Trim().TrimStart(',', ';', ':', '·', '•', '|', '/').Trim(), values);
        return line.Any(char.IsLetterOrDigit) ? line : null;
    }

    [GeneratedRegex(
        @"\s*\(\s*(?<token>\{\w+\})\s*\)|(?:\s*[,;:·•|/–—-]\s*|\s+(?:de|del|da|do|en|em|from|of|at)\s+|\s+)?(?<token>\{\w+\})",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Joined();
}
