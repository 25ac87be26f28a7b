using Npgsql;

namespace MassMessaging.Kernel;

internal static class SessionReads
{
    public const string OneStream = $"""
        select {StreamRow.Columns}
        from mt_events e
        where e.tenant_id = @tenant and e.stream_id = @id
        order by e.version
        """;

    private const string LockStreams = """
        select k.place, s.version
        from mt_streams s
        join unnest(@tenants::varchar[], @ids::uuid[]) with ordinality as k (tenant_id, id, place) on s.tenant_id = k.tenant_id and s.id = k.id
        order by s.tenant_id collate "C", s.id
        for update of s
        """;

    // Lateral with offset 0 keeps to one index probe per stream, also while the table has grown faster than its statistics.
    private const string ReadStreams = $"""
        select k.place, e.correlation_id, {StreamRow.Columns}
        from unnest(@tenants::varchar[], @ids::uuid[]) with ordinality as k (tenant_id, id, place)
        cross join lateral (
            select * from mt_events own where own.tenant_id = k.tenant_id and own.stream_id = k.id order by own.version offset 0) e
        """;

    /// <summary>One round trip. The events are read in a snapshot taken after the locks: what is folded cannot change any more.</summary>
    public static async Task<Dictionary<StreamKey, LockedStream>> LockAndRead(
        NpgsqlConnection connection, IReadOnlyList<StreamKey> ordered, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in (string[])[LockStreams, ReadStreams])
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
            {
                Parameters = { EventWriter.Texts("tenants", ordered.Select(EventWriter.Tenant)), EventWriter.Ids("ids", ordered.Select(key => key.Id)) },
            });
        }

        await using var reader = await batch.ExecuteReaderAsync(ct);
        var streams = new LockedStream?[ordered.Count];
        while (await reader.ReadAsync(ct)) streams[Place()] = new LockedStream(reader.GetInt64(1));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            // A stream started between the two statements is not locked: it counts as missing, and starting it is a conflict.
            if (streams[Place()] is not { } locked) continue;

            var row = StreamRow.ReadFrom(reader, 2);
            locked.Rows.Add(row);
            if (row.Version == locked.Version) locked.Last = new LastEvent(row.Seq, reader.IsDBNull(1) ? null : reader.GetString(1), row.Trace);
        }

        return streams.Index().Where(one => one.Item is not null).ToDictionary(one => ordered[one.Index], one => one.Item!);

        int Place() => (int)reader.GetInt64(0) - 1;
    }

    /// <param name="added">What the session has appended so far.</param>
    public static Versioned<T> Fold<T>(StreamKey stream, List<StreamRow> rows, List<object> added, EventRegistry registry)
        where T : IAggregate<T>
    {
        var state = rows.Aggregate(T.Initial, (state, row) => T.Evolve(state, registry.Read(row.Seq, row.Type, row.Data)));
        return new Versioned<T>(stream, (rows.Count == 0 ? 0 : rows[^1].Version) + added.Count, added.Aggregate(state, T.Evolve))
        {
            Trace = rows.FindLast(row => row.Trace is not null)?.Trace,
        };
    }
}

internal sealed record LockedStream(long Version)
{
    public List<StreamRow> Rows { get; } = [];

    public LastEvent Last { get; set; }
}
