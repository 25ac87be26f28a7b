using System.Text.RegularExpressions;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>The text of a template at Meta.</summary>
internal static partial class TemplateText
{
    /// <summary>Its placeholders, <c>{{1}}</c> or <c>{{name}}</c>, in order of appearance, each once.</summary>
    public static IReadOnlyList<string> Parameters(string text) =>
        [.. Placeholder().Matches(text).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\{\s*(?<name>\w+)\s*\}\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
