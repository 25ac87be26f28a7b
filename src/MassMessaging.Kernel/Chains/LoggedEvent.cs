using System.Text;

namespace MassMessaging.Kernel;

/// <summary>An event word for word as it stands in the log, whatever its type has become since.</summary>
/// <param name="Type">The wire name that it was written with.</param>
/// <param name="Utf8">Its JSON as PostgreSQL prints it.</param>
/// <param name="At">When it was recorded, UTC, to the microsecond.</param>
public sealed record LoggedEvent(
    long Seq, Guid StreamId, long Version, string Type, byte[] Utf8, DateTimeOffset At, string? Actor, string? CorrelationId, string? CausationId)
{
    public string Json => Encoding.UTF8.GetString(Utf8);

    internal static LoggedEvent Of(EventRow row) => new(
        row.Seq, row.StreamId, row.Version, row.Type, row.Data, row.At, row.Actor, row.CorrelationId, row.CausationId);
}

/// <param name="Link">The view's row.</param>
/// <param name="Event">Null: it is not in the log any more.</param>
public sealed record Chained<TLink>(TLink Link, LoggedEvent? Event);
