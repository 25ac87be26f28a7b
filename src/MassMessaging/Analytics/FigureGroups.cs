using System.Data.Common;
using MassMessaging.Campaigns;

namespace MassMessaging.Analytics;

/// <summary>One statement's sums over grouping sets: of all, and by each dimension. They are of one snapshot, so they add up.</summary>
public sealed record FigureGroups(
    FigureSums All, IReadOnlyList<(long Key, FigureSums Sums)> Hours, IReadOnlyList<(string Key, FigureSums Sums)> Labels,
    IReadOnlyList<(string Key, FigureSums Sums)> Variants, IReadOnlyList<(string Key, FigureSums Sums)> Reasons)
{
    public IReadOnlyList<ReasonAnswer> FailureReasons => Most(sums => sums.Failed);

    public IReadOnlyList<ReasonAnswer> SkipReasons => Most(sums => sums.Skipped);

    /// <summary>Columns <c>hour</c> (a whole number), <c>label</c>, <c>variant</c>, <c>reason</c>, of which one is set, and the sums.</summary>
    public static (long? Hour, string? Label, string? Variant, string? Reason, FigureSums Sums) Row(DbDataReader row) => (
        row.WholeOrNull("hour"), row.TextOrNull("label"), row.TextOrNull("variant"), row.TextOrNull("reason"), FigureSums.Of(row));

    public static FigureGroups Of(IReadOnlyList<(long? Hour, string? Label, string? Variant, string? Reason, FigureSums Sums)> rows) => new(
        rows.Single(row => row is { Hour: null, Label: null, Variant: null, Reason: null }).Sums,
        [.. rows.Where(row => row.Hour is not null).Select(row => (row.Hour!.Value, row.Sums)).OrderBy(row => row.Value)],
        By(rows, row => row.Label), By(rows, row => row.Variant), By(rows, row => row.Reason));

    private static IReadOnlyList<(string Key, FigureSums Sums)> By(
        IReadOnlyList<(long? Hour, string? Label, string? Variant, string? Reason, FigureSums Sums)> rows,
        Func<(long? Hour, string? Label, string? Variant, string? Reason, FigureSums Sums), string?> key) =>
        [.. rows.Where(row => key(row) is not null).Select(row => (Key: key(row)!, row.Sums)).OrderBy(row => row.Key, StringComparer.Ordinal)];

    private IReadOnlyList<ReasonAnswer> Most(Func<FigureSums, long> count) =>
    [
        .. Reasons.Where(reason => reason.Key.Length > 0 && count(reason.Sums) > 0).Select(reason => new ReasonAnswer(reason.Key, count(reason.Sums)))
            .OrderByDescending(reason => reason.Count),
    ];
}
