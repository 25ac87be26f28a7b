using Npgsql;

namespace MassMessaging.Kernel;

internal static class SessionReads
{
    public const string OneStream = $"""
        select {EventRow.TracedColumns}
        from mt_events e
        where e.tenant_id = @tenant and e.stream_id = @id
        order by e.version
        """;

    private const string LockStreams = """
        select s.tenant_id, s.id
        from mt_streams s
        join unnest(@tenants::varchar[], @ids::uuid[]) as k (tenant_id, id) on s.tenant_id = k.tenant_id and s.id = k.id
        order by s.tenant_id collate "C", s.id
        for update of s
        """;

    // Lateral with offset 0 keeps to one index probe per stream, also while the table has grown faster than its statistics.
    private const string ReadStreams = $"""
        select {EventRow.TracedColumns}
        from unnest(@tenants::varchar[], @ids::uuid[]) as k (tenant_id, id)
        cross join lateral (
            select * from mt_events own where own.tenant_id = k.tenant_id and own.stream_id = k.id order by own.version offset 0) e
        """;

    /// <summary>One round trip. The events are read in a snapshot taken after the locks: what is folded cannot change any more.</summary>
    public static async Task<Dictionary<StreamKey, List<EventRow>>> LockAndRead(
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
        var streams = new Dictionary<StreamKey, List<EventRow>>();
        while (await reader.ReadAsync(ct))
            streams.Add(new StreamKey(Guid.Parse(reader.GetString(0)), reader.GetGuid(1)), []);
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            // A stream started between the two statements is not locked: it counts as missing, and starting it is a conflict.
            var row = EventRow.ReadTraced(reader);
            if (streams.TryGetValue(new StreamKey(Guid.Parse(row.Tenant), row.StreamId), out var rows)) rows.Add(row);
        }

        return streams;
    }
}
