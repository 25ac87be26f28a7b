using MassMessaging.Kernel;

namespace MassMessaging.Operations;

/// <param name="State"><c>none</c>, <c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Processed">Place in the log that the new rows have reached, of <paramref name="Total"/>.</param>
/// <param name="ProfileId">Whose part; null: the whole view.</param>
/// <param name="RequestedBy"><c>user:&lt;id&gt;</c>, <c>command</c>, or <c>system</c> where a view had changed.</param>
/// <param name="Resumed">How often it went on after its process had died.</param>
/// <param name="FailedSeq">The event that it failed on.</param>
public sealed record RebuildAnswer(
    string State, long Processed, long Total, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, Guid? ProfileId, string? RequestedBy,
    int Resumed, long? FailedSeq, string? Error)
{
    public static RebuildAnswer Of(RebuildProgress? rebuild) => rebuild is null
        ? new("none", 0, 0, null, null, null, null, 0, null, null)
        : new(
            rebuild.State, rebuild.Processed, rebuild.Total, rebuild.StartedAt, rebuild.FinishedAt, rebuild.ProfileId, rebuild.Actor,
            rebuild.Resumed, rebuild.FailedSeq, rebuild.Error);
}

/// <summary>The event that a view cannot take, and since when it stands still before it.</summary>
/// <param name="Type">Its wire name, as it stands in the log.</param>
public sealed record ViewFailureAnswer(long Seq, string? Type, string? ProfileId, Guid? StreamId, string Error, DateTimeOffset At);

/// <summary>An event that a person let the view pass over.</summary>
public sealed record SkippedAnswer(long Seq, string Note, string SkippedBy, DateTimeOffset At);

/// <param name="Kind"><c>inline</c> (commits with the events), <c>async</c> (follows the log) or <c>sums</c> (follows it, adding up).</param>
/// <param name="Position">Last place in the log that it has taken in; null for an inline view.</param>
/// <param name="Lag">Places in the log that it is behind.</param>
/// <param name="State"><c>running</c> or <c>stopped</c>.</param>
/// <param name="Failure">What stopped it; of an event of another profile, operators alone are told.</param>
/// <param name="Skipped">For operators.</param>
public sealed record ViewAnswer(
    string Name, string Table, string Kind, long? Position, long Lag, string State, RebuildAnswer Rebuild, ViewFailureAnswer? Failure,
    IReadOnlyList<SkippedAnswer> Skipped);
