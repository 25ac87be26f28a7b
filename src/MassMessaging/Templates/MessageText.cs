using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MassMessaging.Templates.Claims;

namespace MassMessaging.Templates;

/// <summary>A message with variables, from text to what a client reads. Pure.</summary>
public static class MessageText
{
    // Wider than the known names (letters of any script, a dot or a hyphen, spaces at the rim): a slip is named, not sent as it is.
    private static readonly Regex Token = new(
        @"\{[ \t]*[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.\-]*[ \t]*\}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private const int MostLookedAt = 500;

    private static readonly ConcurrentDictionary<string, IReadOnlyList<TextWarning>> lookedAt = new(StringComparer.Ordinal);

    /// <summary>With braces, in order of appearance, without repeats; unknown ones included.</summary>
    public static IReadOnlyList<string> Variables(string content) =>
        [.. Token.Matches(content).Select(match => match.Value).Distinct(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Unknown(string content) => [.. Variables(content).Where(token => !Variable.IsKnown(token))];

    /// <summary>
    /// One pass over the template: a value is never scanned again, so nothing in a client's name becomes a variable. Unknown tokens stay
    /// as they are written.
    /// </summary>
    public static string Render(string content, MessageValues values) =>
        Token.Replace(content, match => Variable.ValueOf(match.Value, values) ?? match.Value);

    /// <summary>What an advisor should look at again before sending, in order of appearance. Never blocks.</summary>
    /// <remarks>
    /// Remembered: a list of campaigns asks for the same texts at every look, and patterns cost more than the rest of a row.
    /// </remarks>
    public static IReadOnlyList<TextWarning> Warnings(string content)
    {
        if (lookedAt.TryGetValue(content, out var known)) return known;
        if (lookedAt.Count >= MostLookedAt) lookedAt.Clear();
        return lookedAt[content] = Look(content);
    }

    private static IReadOnlyList<TextWarning> Look(string content) =>
        [.. PhoneWarnings.In(content).Concat(Claims(content)).OrderBy(warning => warning.From)];

    private static IEnumerable<TextWarning> Claims(string content) =>
        from claim in ClaimsPolicy.Default.In(content)
        select new TextWarning(claim.Code, $"“{content[claim.From..claim.To]}” reads as {claim.Meaning}.", claim.From, claim.To);
}

/// <param name="Code">
/// <c>health-claim</c>, <c>income-claim</c> or <c>telefono-is-the-clients</c>; of a campaign also <c>identification-does-not-fit</c> and
/// <c>similar-text</c>.
/// </param>
/// <param name="Text">One sentence for the advisor.</param>
/// <param name="From">Where the words begin, in UTF-16 units.</param>
/// <param name="To">Where they end, exclusive.</param>
/// <param name="Source">
/// Of a campaign, in which text: null for its message, <c>variant:</c> and a variant's name, or <c>identification</c>.
/// </param>
public sealed record TextWarning(string Code, string Text, int From, int To, string? Source = null);
