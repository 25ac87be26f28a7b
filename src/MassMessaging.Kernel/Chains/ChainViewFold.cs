using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>Adds a batch of events to their chains: one query for the chains' last rows, one insert.</summary>
internal static class ChainViewFold
{
    public static async Task<IEnumerable<NpgsqlBatchCommand>> Write(
        NpgsqlConnection connection, ViewType view, string table, IReadOnlyList<RecordedEvent> events, CancellationToken ct)
    {
        var own = Own(view, events);
        if (own.Count == 0) return [];

        var last = await Last(connection, view, table, [.. own.Select(one => one.Key).Distinct().Order()], ct);
        var rows = new List<object>(own.Count);
        Fold(view, own, last, rows);
        var insert = new NpgsqlBatchCommand($"insert into {table} ({view.Columns.List}) select * from unnest({view.Columns.Unnest})");
        view.Columns.AddArrays(insert.Parameters, rows);
        return [insert];
    }

    public static List<(RecordedEvent Recorded, StreamKey Key)> Own(ViewType view, IReadOnlyList<RecordedEvent> events)
    {
        var own = new List<(RecordedEvent, StreamKey)>(events.Count);
        foreach (var recorded in events)
        {
            if (view.Cares(recorded.Data.GetType()) && view.RowOf(recorded) is { } chain)
                own.Add((recorded, new StreamKey(recorded.Stream.Profile, chain)));
        }

        return own;
    }

    /// <summary>The rows go behind <paramref name="rows"/>, and <paramref name="last"/> moves on.</summary>
    public static void Fold(
        ViewType view, IEnumerable<(RecordedEvent Recorded, StreamKey Key)> own, Dictionary<StreamKey, object> last, List<object> rows)
    {
        foreach (var (recorded, key) in own)
        {
            var row = view.Evolve(last.GetValueOrDefault(key), recorded)!;
            last[key] = row;
            rows.Add(row);
        }
    }

    public static async Task<Dictionary<StreamKey, object>> Last(
        NpgsqlConnection connection, ViewType view, string table, IReadOnlyList<StreamKey> keys, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {string.Join(", ", view.Columns.Columns.Select(column => "t." + column.Name))}, k.profile_id, k.id
            from unnest(@profiles::uuid[], @ids::uuid[]) as k (profile_id, id)
            cross join lateral (
                select * from {table} own where own.profile_id = k.profile_id and own.id = k.id order by own.seq desc limit 1) t
            """,
            connection);
        command.Parameters.Add(EventWriter.Ids("profiles", keys.Select(key => key.Profile)));
        command.Parameters.Add(EventWriter.Ids("ids", keys.Select(key => key.Id)));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (last, columns) = (new Dictionary<StreamKey, object>(), view.Columns.Columns.Count);
        while (await reader.ReadAsync(ct))
            last.Add(new StreamKey(reader.GetGuid(columns), reader.GetGuid(columns + 1)), view.Columns.Read(reader));
        return last;
    }
}
