using System.Text.RegularExpressions;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary>The line that tells a client who writes, under the first message ever sent to them. Pure.</summary>
public static partial class IdentificationLine
{
    /// <summary>WhatsApp takes no longer text, in characters: Meta refuses it, other ways in may cut it.</summary>
    public const int LongestMessage = 4096;

    private const string DoesNotFit =
        "Con la línea que dice quién escribe pasaría de 4.096 caracteres: a quien se le escribe por primera vez le llegaría sin ella. Conviene acortarlo.";

    /// <summary>Left out where the message would become too long with it: what the advisor wrote is never cut.</summary>
    /// <param name="text">The profile's, with variables; null: switched off.</param>
    public static string Under(string message, string? text, MessageValues values) =>
        Of(text, values) is { } line && message.Length + 1 + line.Length <= LongestMessage ? $"{message}\n{line}" : message;

    /// <summary>Of a text that leaves no room for the line, as both are written; what variables stand for may differ by a little.</summary>
    public static IEnumerable<TextWarning> Warnings(string message, string? text, string? source)
    {
        if (text is not null && message.Length + 1 + text.Length > LongestMessage)
            yield return new("identification-does-not-fit", DoesNotFit, 0, message.Length, source);
    }

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
