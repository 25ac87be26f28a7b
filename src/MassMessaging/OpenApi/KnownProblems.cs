using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MassMessaging.OpenApi;

/// <param name="Statuses">The first is the usual one.</param>
internal sealed record KnownProblem(string Code, IReadOnlyList<int> Statuses, string Meaning);

/// <summary>The table of codes in docs/api.md, which travels with the service: there is no second one that could differ.</summary>
internal static partial class KnownProblems
{
    public static FrozenDictionary<string, KnownProblem> All { get; } = Read();

    /// <summary>A code that nobody has written down is a fault of ours, found by a spec; here it is shown as one.</summary>
    public static KnownProblem Of(string code) => All.TryGetValue(code, out var known) ? known : new KnownProblem(code, [500], "Not written down.");

    private static FrozenDictionary<string, KnownProblem> Read()
    {
        using var page = new StreamReader(typeof(KnownProblems).Assembly.GetManifestResourceStream("Docs.api.md")!);
        return Row().Matches(page.ReadToEnd()).Select(Problem).ToFrozenDictionary(problem => problem.Code);
    }

    private static KnownProblem Problem(Match row) => new(
        row.Groups["code"].Value, [.. row.Groups["status"].Captures.Select(status => int.Parse(status.ValueSpan, CultureInfo.InvariantCulture))], row.Groups["meaning"].Value);

    [GeneratedRegex(
        @"^\| `(?<code>[a-z0-9-]+)` \| ((?<status>\d{3})(, )?)+ \| (?<meaning>.+?) \|\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
