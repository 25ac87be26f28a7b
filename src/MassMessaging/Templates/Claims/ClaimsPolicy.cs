namespace MassMessaging.Templates.Claims;

/// <summary>
/// What no message may promise, written or generated: cures, medical effects, guaranteed results, income. One list of rules as data
/// (claims.txt) over words as a reader sees them, however they are spelled. The work grows with the text's length and no faster.
/// </summary>
public sealed class ClaimsPolicy
{
    private readonly string source;
    private readonly ClaimRules rules;

    private ClaimsPolicy(string source) => (this.source, rules) = (source, ClaimRules.Parse(source));

    public static ClaimsPolicy Default { get; } = new(Embedded());

    /// <summary>This policy and further rules, written as in claims.txt.</summary>
    /// <exception cref="FormatException">A line is neither a class nor a rule.</exception>
    public ClaimsPolicy With(string furtherRules) => new($"{source}\n{furtherRules}");

    /// <summary>In order of appearance; of claims that overlap, the first and longest.</summary>
    public IReadOnlyList<Claim> In(string text)
    {
        var found = ClaimMatcher.Claims(rules, ClaimText.Words(text, joined: false));
        if (ClaimText.IsBroken(text)) found = found.Concat(ClaimMatcher.Claims(rules, ClaimText.Words(text, joined: true)));
        var kept = new List<Claim>();
        foreach (var claim in found.OrderBy(claim => claim.From).ThenByDescending(claim => claim.To))
        {
            if (kept.Count == 0 || kept[^1].To <= claim.From) kept.Add(claim);
        }

        return kept;
    }

    private static string Embedded()
    {
        using var stream = typeof(ClaimsPolicy).Assembly.GetManifestResourceStream("Claims.claims.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
