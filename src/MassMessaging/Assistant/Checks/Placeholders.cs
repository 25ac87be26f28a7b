using System.Text.RegularExpressions;

namespace MassMessaging.Assistant.Checks;

/// <summary>What a model leaves for somebody to fill in, and nobody will: <c>[Nombre]</c>, <c>&lt;name&gt;</c>, half a variable.</summary>
internal static class Placeholders
{
    private static readonly Regex Bracketed = new(
        @"\[[\p{L} _\-]{2,40}\]|<[\p{L} _\-]{2,40}>|%[\p{L}_]{2,40}%|_{3,}|\bX{3,}\b|\$\{",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public static string? In(string text, IReadOnlyList<string> variables)
    {
        if (Bracketed.Match(text) is { Success: true } found) return found.Value;

        var rest = variables.Aggregate(text, (left, token) => left.Replace(token, "", StringComparison.Ordinal));
        var brace = rest.AsSpan().IndexOfAny('{', '}');
        return brace < 0 ? null : rest[brace..Math.Min(rest.Length, brace + 20)];
    }
}
