using MassMessaging.Templates.Claims;

namespace MassMessaging.Benchmarks.Claims;

/// <param name="Category">Null: an innocent look-alike.</param>
public sealed record ClaimSentence(string Language, string? Category, string Text);

/// <summary>
/// The sentences that the claims policy is judged by, in two halves: rules are made with <see cref="Development"/> in view and never with
/// <see cref="HeldOut"/>, which was written before they were tried on it.
/// </summary>
public static class ClaimSet
{
    public static IReadOnlyList<ClaimSentence> Development { get; } = Read("Claims.development.tsv");

    public static IReadOnlyList<ClaimSentence> HeldOut { get; } = Read("Claims.held-out.tsv");

    private static IReadOnlyList<ClaimSentence> Read(string name)
    {
        using var stream = typeof(ClaimSet).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return
        [
            .. from line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
               let cells = line.Split('\t')
               select new ClaimSentence(cells[0], cells[1] == "none" ? null : cells[1], cells[2]),
        ];
    }
}

/// <summary>A sentence counts as found when the policy sees any claim in it.</summary>
/// <param name="Found">Claims that were seen.</param>
/// <param name="Missed">Claims that were not.</param>
/// <param name="Blamed">Innocent sentences in which a claim was seen.</param>
/// <param name="RightCategory">Of those found, how many with the category that they were written for.</param>
public sealed record ClaimScore(
    IReadOnlyList<ClaimSentence> Found, IReadOnlyList<ClaimSentence> Missed, IReadOnlyList<ClaimSentence> Blamed, int RightCategory)
{
    public double Precision => Found.Count + Blamed.Count == 0 ? 1 : (double)Found.Count / (Found.Count + Blamed.Count);

    public double Recall => Found.Count + Missed.Count == 0 ? 1 : (double)Found.Count / (Found.Count + Missed.Count);

    public static ClaimScore Of(ClaimsPolicy policy, IEnumerable<ClaimSentence> sentences)
    {
        var seen = sentences.Select(sentence => (Sentence: sentence, Claims: policy.In(sentence.Text))).ToList();
        return new(
            [.. seen.Where(each => each.Sentence.Category is not null && each.Claims.Count > 0).Select(each => each.Sentence)],
            [.. seen.Where(each => each.Sentence.Category is not null && each.Claims.Count == 0).Select(each => each.Sentence)],
            [.. seen.Where(each => each.Sentence.Category is null && each.Claims.Count > 0).Select(each => each.Sentence)],
            seen.Count(each => each.Claims.Any(claim => claim.Category == each.Sentence.Category)));
    }
}
