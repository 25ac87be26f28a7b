using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel;

/// <summary>
/// Appends to any number of streams in one round trip. Streams are started or locked in key order, and only then are sequence numbers
/// drawn: sequence order never contradicts stream order, and two sessions never wait for one another in a circle.
/// </summary>
internal static class EventWriter
{
    private const string StartStreams = """
        insert into mt_streams (tenant_id, id, type, version, timestamp, created)
        select tenant_id, id, type, version, @now, @now
        from unnest(@tenants::varchar[], @ids::uuid[], @types::varchar[], @versions::bigint[]) as s (tenant_id, id, type, version)
        """;

    // Lateral with offset 0 keeps to one probe by primary key a stream, in the order of their keys, however large the table has grown. A
    // version that has moved on while the lock was waited for is not the expected one any more.
    private const string Find = """
        with found as materialized (
            select s.place, k.version as next
            from unnest(@tenants::varchar[], @ids::uuid[], @expected::bigint[], @versions::bigint[]) as k (tenant_id, id, expected, version)
            cross join lateral (
                select own.ctid as place from mt_streams own where own.tenant_id = k.tenant_id and own.id = k.id and own.version = k.expected
        """;

    // By their places, which cannot change once they are locked.
    private const string Advance = "offset 0) s) update mt_streams s set version = found.next, timestamp = @now from found where s.ctid = found.place";

    private const string LockAndAdvanceStreams = $"{Find} for update {Advance}";

    private const string AdvanceStreams = $"{Find} {Advance}";

    // The inner query is ordered before nextval runs; the planner may otherwise number the rows before it sorts them. What belongs to no
    // request or message of its own goes on with the chain of its stream: one probe by primary key, and none where both are known or the
    // session has read the stream's last event.
    private const string InsertEvents = """
        insert into mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers,
            user_name, is_archived)
        select
            nextval('mt_events_sequence'), id, stream_id, version, data, type, @now, tenant_id, dotnet_type,
            coalesce(@correlation::varchar, correlation_id), coalesce(@causation::varchar, 'event:' || caused_by),
            case when trace is not null then jsonb_build_object('traceparent', trace) end, @actor, false
        from (
            select e.*, coalesce(e.last_correlation, before.correlation_id) as correlation_id, coalesce(e.last_seq, before.seq_id) as caused_by,
                coalesce(e.own_trace, before.before_trace) as trace
            from unnest(@event_ids::uuid[], @stream_ids::uuid[], @versions::bigint[], @data::jsonb[], @types::varchar[], @tenants::varchar[],
                @dotnet_types::varchar[], @expected::bigint[], @last_seqs::bigint[], @last_correlations::varchar[], @traces::text[])
                with ordinality as e (
                    id, stream_id, version, data, type, tenant_id, dotnet_type, expected, last_seq, last_correlation, own_trace, place)
            left join lateral (
                select b.correlation_id, b.seq_id, b.headers ->> 'traceparent' as before_trace from mt_events b
                where @inherits and e.last_seq is null and b.tenant_id = e.tenant_id and b.stream_id = e.stream_id and b.version = e.expected
                offset 0) before on true
            order by place
        ) ordered
        """;

    /// <param name="batch">What goes out ahead: from the numbers on every view waits for the commit.</param>
    /// <param name="held">Streams that the session has locked already, each with its last event.</param>
    /// <param name="views">Their rows are loaded on the way.</param>
    /// <param name="copy">Null: the session may not copy.</param>
    public static async Task Write(
        NpgsqlBatch batch, PendingEvents pending, IReadOnlyDictionary<StreamKey, LastEvent> held, InlineFolds views, OwnerCopy? copy,
        Origin origin, DateTimeOffset now, CancellationToken ct)
    {
        var streams = pending.Streams;
        var (events, traces) = (pending.Events, pending.Traces(origin, held));
        var started = streams.Where(stream => stream.ExpectedVersion == 0).ToList();
        if (copy is not null && started.Count >= OwnerCopy.Fewest && started.Count == streams.Count)
        {
            if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(ct);
            await StreamCopy.Write(copy, started, events, traces, origin, now, ct);
            await views.Load(batch.Connection!, ct);
            return;
        }

        var advanced = streams.Where(stream => stream.ExpectedVersion > 0).ToList();
        if (started.Count > 0) batch.BatchCommands.Add(Start(started, now));
        var advances = advanced.GroupBy(stream => held.ContainsKey(stream.Key))
            .Select(same => Move(same.Key ? AdvanceStreams : LockAndAdvanceStreams, [.. same], now)).ToList();
        foreach (var advance in advances) batch.BatchCommands.Add(advance);

        var before = streams.ToDictionary(stream => stream.Key, stream => stream.ExpectedVersion);
        batch.BatchCommands.Add(Insert(events, traces, before, held, origin, now));
        foreach (var load in views.Loads()) batch.BatchCommands.Add(load);
        await using (var reader = await batch.ExecuteReaderAsync(ct)) await views.Read(reader, ct);
        var missing = advanced.Count - advances.Sum(advance => (long)advance.RecordsAffected);
        if (missing > 0) throw new ConcurrencyException($"{missing} of {advanced.Count} streams were not at the expected version.");
    }

    private static NpgsqlBatchCommand Start(List<PendingStream> streams, DateTimeOffset now) => new(StartStreams)
    {
        Parameters =
        {
            Texts("tenants", streams.Select(stream => Tenant(stream.Key))),
            Ids("ids", streams.Select(stream => stream.Key.Id)),
            Texts("types", streams.Select(stream => stream.Type)),
            Longs("versions", streams.Select(stream => stream.NewVersion)),
            new NpgsqlParameter("now", now),
        },
    };

    private static NpgsqlBatchCommand Move(string sql, List<PendingStream> streams, DateTimeOffset now) => new(sql)
    {
        Parameters =
        {
            Texts("tenants", streams.Select(stream => Tenant(stream.Key))),
            Ids("ids", streams.Select(stream => stream.Key.Id)),
            Longs("expected", streams.Select(stream => stream.ExpectedVersion)),
            Longs("versions", streams.Select(stream => stream.NewVersion)),
            new NpgsqlParameter("now", now),
        },
    };

    private static NpgsqlBatchCommand Insert(
        IReadOnlyList<PendingEvent> events, string?[]? traces, Dictionary<StreamKey, long> before,
        IReadOnlyDictionary<StreamKey, LastEvent> held, Origin origin, DateTimeOffset now) =>
        new(InsertEvents)
        {
            Parameters =
            {
                Ids("event_ids", events.Select(_ => Guid.CreateVersion7(now))),
                Ids("stream_ids", events.Select(@event => @event.Stream.Id)),
                Longs("versions", events.Select(@event => @event.Version)),
                Array("data", NpgsqlDbType.Jsonb, events.Select(@event => EventJson.Write(@event.Data))),
                Texts("types", events.Select(@event => @event.Type.StoredName)),
                Texts("tenants", events.Select(@event => Tenant(@event.Stream))),
                Texts("dotnet_types", events.Select(@event => EventJson.DotnetType(@event.Type.ClrType))),
                new NpgsqlParameter("traces", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = (object?)traces ?? DBNull.Value },
                Longs("expected", events.Select(@event => before[@event.Stream])),
                Array("last_seqs", NpgsqlDbType.Bigint, events.Select(@event => held.TryGetValue(@event.Stream, out var last) ? last.Seq : (long?)null)),
                Array("last_correlations", NpgsqlDbType.Text, events.Select(@event => held.GetValueOrDefault(@event.Stream).CorrelationId)),
                new NpgsqlParameter("inherits", origin.CorrelationId is null),
                new NpgsqlParameter("now", now),
                Text("correlation", origin.CorrelationId),
                Text("causation", origin.CausationId),
                Text("actor", origin.Actor),
            },
        };

    public static string Tenant(StreamKey stream) => stream.Profile.ToString("D");

    public static NpgsqlParameter Texts(string name, IEnumerable<string> values) => Array(name, NpgsqlDbType.Text, values);

    public static NpgsqlParameter Ids(string name, IEnumerable<Guid> values) => Array(name, NpgsqlDbType.Uuid, values);

    private static NpgsqlParameter Longs(string name, IEnumerable<long> values) => Array(name, NpgsqlDbType.Bigint, values);

    private static NpgsqlParameter Text(string name, string? value) => new(name, NpgsqlDbType.Text) { Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Array<T>(string name, NpgsqlDbType type, IEnumerable<T> values) =>
        new(name, NpgsqlDbType.Array | type) { Value = values.ToArray() };
}

/// <summary>Where a stream's chain goes on.</summary>
internal readonly record struct LastEvent(long Seq, string? CorrelationId, string? Trace);
