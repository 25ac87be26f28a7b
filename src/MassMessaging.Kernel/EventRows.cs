using System.Data.Common;

namespace MassMessaging.Kernel;

/// <summary>An event as it stands in the log, before its type is known to be ours.</summary>
internal sealed record EventRow(
    long Seq, string Tenant, Guid StreamId, long Version, string Type, byte[] Data, DateTimeOffset At,
    string? DotnetType, string? Actor, string? CorrelationId, string? CausationId)
{
    /// <summary>The columns that <see cref="Read"/> expects, of <c>mt_events e</c>.</summary>
    public const string Columns =
        "e.seq_id, e.tenant_id, e.stream_id, e.version, e.type, e.data::text, e.timestamp, e.mt_dotnet_type, e.user_name, e.correlation_id, e.causation_id";

    /// <summary>Those, and the trace behind them: what <see cref="ReadTraced"/> expects.</summary>
    public const string TracedColumns = $"{Columns}, e.headers ->> 'traceparent'";

    public string? Trace { get; init; }

    public static EventRow Read(DbDataReader reader) => ReadFrom(reader, 0);

    public static EventRow ReadTraced(DbDataReader reader) =>
        Text(reader, 11) is { } trace ? Read(reader) with { Trace = trace } : Read(reader);

    /// <summary>The same, behind other columns.</summary>
    public static EventRow ReadFrom(DbDataReader reader, int first) => new(
        reader.GetInt64(first), reader.GetString(first + 1), reader.GetGuid(first + 2), reader.GetInt64(first + 3), reader.GetString(first + 4),
        reader.GetFieldValue<byte[]>(first + 5), reader.GetFieldValue<DateTimeOffset>(first + 6), Text(reader, first + 7), Text(reader, first + 8),
        Text(reader, first + 9), Text(reader, first + 10));

    /// <exception cref="UnreadableEventException">The type is not registered, or its JSON does not fit.</exception>
    public RecordedEvent Recorded(EventRegistry registry)
    {
        if (!Guid.TryParse(Tenant, out var profile))
            throw new UnreadableEventException($"Event {Seq} of type {Type} belongs to tenant {Tenant}, which is no profile.");

        var data = registry.Read(Seq, Type, Data);
        return new RecordedEvent(Seq, new StreamKey(profile, StreamId), Version, data, At, Actor, CorrelationId, CausationId)
        {
            Stored = LoggedEvent.Of(this),
            Trace = Trace,
        };
    }

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>What a fold needs of an event.</summary>
internal sealed record StreamRow(long Seq, long Version, string Type, byte[] Data, string? Trace)
{
    /// <summary>The columns that <see cref="ReadFrom"/> expects, of <c>mt_events e</c>.</summary>
    public const string Columns = "e.seq_id, e.version, e.type, e.data, e.headers ->> 'traceparent'";

    public static StreamRow Read(DbDataReader reader) => ReadFrom(reader, 0);

    /// <summary>The same, behind other columns.</summary>
    public static StreamRow ReadFrom(DbDataReader reader, int first) => new(
        reader.GetInt64(first), reader.GetInt64(first + 1), reader.GetString(first + 2), reader.GetFieldValue<byte[]>(first + 3),
        reader.IsDBNull(first + 4) ? null : reader.GetString(first + 4));
}

/// <summary>An event of ours that this version of the program cannot read.</summary>
internal sealed class UnreadableEventException(string message, Exception? inner = null) : Exception(message, inner);
