namespace MassMessaging.Kernel;

/// <summary>An event with its envelope, as it stands in the log.</summary>
/// <param name="Seq">Place in the log (<c>seq_id</c>); 0 while the event is being appended, so inline views cannot see it.</param>
/// <param name="Stream">The event's own stream.</param>
/// <param name="Version">1-based position in the stream.</param>
/// <param name="Data">The event record.</param>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="Actor">Who caused it: <c>user:&lt;id&gt;</c>, <c>system</c>, <c>gateway</c> …; never personal data.</param>
/// <param name="CorrelationId">The request or chain that it belongs to.</param>
/// <param name="CausationId">The message that led to it, if any.</param>
public sealed record RecordedEvent(
    long Seq, StreamKey Stream, long Version, object Data, DateTimeOffset At, string? Actor, string? CorrelationId, string? CausationId)
{
    /// <summary>Word for word as it stands in the log; null while it is being appended.</summary>
    public LoggedEvent? Stored { get; init; }

    /// <summary>W3C trace context of what wrote it, if that was recorded. Only reading one stream tells it.</summary>
    public string? Trace { get; init; }
}
