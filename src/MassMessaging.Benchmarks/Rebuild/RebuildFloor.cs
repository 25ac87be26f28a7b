using Npgsql;

namespace MassMessaging.Benchmarks.Rebuild;

/// <summary>What PostgreSQL itself takes to hand the events' columns to this process, and to take the views' rows back with their indexes.</summary>
public static class RebuildFloor
{
    private const string ReadLog = """
        copy (select seq_id, tenant_id, stream_id, version, type, data, timestamp from mt_events order by seq_id) to stdout (format binary)
        """;

    private const string IndexesOf = """
        select 'create ' || case when indisunique then 'unique ' else '' end || 'index on ' || @copy || substring(pg_get_indexdef(indexrelid) from ' USING .*')
        from pg_index where indrelid = @table::regclass
        """;

    public static async Task Read(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var stream = await connection.BeginRawBinaryCopyAsync(ReadLog);
        var buffer = new byte[1 << 17];
        while (await stream.ReadAsync(buffer.AsMemory(), default) > 0)
        {
        }
    }

    /// <summary>The rows as bytes, to be written again.</summary>
    public static async Task<byte[]> RowsOf(NpgsqlDataSource database, string table)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var stream = await connection.BeginRawBinaryCopyAsync($"copy {table} to stdout (format binary)");
        using var rows = new MemoryStream();
        await stream.CopyToAsync(rows);
        return rows.ToArray();
    }

    /// <summary>Indexes last, which is faster than to let them grow.</summary>
    public static async Task Write(NpgsqlDataSource database, IReadOnlyList<(string Table, byte[] Rows)> tables)
    {
        await using var connection = await database.OpenConnectionAsync();
        foreach (var (table, rows) in tables)
        {
            await Run(connection, $"create table floor_{table} (like {table} including all excluding indexes)");
            await using (var stream = await connection.BeginRawBinaryCopyAsync($"copy floor_{table} from stdin (format binary)")) await stream.WriteAsync(rows.AsMemory(), default);
            foreach (var index in await Indexes(connection, table)) await Run(connection, index);
        }
    }

    public static async Task Forget(NpgsqlDataSource database, IReadOnlyList<(string Table, byte[] Rows)> tables)
    {
        await using var connection = await database.OpenConnectionAsync();
        foreach (var (table, _) in tables) await Run(connection, $"drop table floor_{table}");
    }

    private static async Task<List<string>> Indexes(NpgsqlConnection connection, string table)
    {
        await using var command = new NpgsqlCommand(IndexesOf, connection);
        command.Parameters.AddWithValue("table", table);
        command.Parameters.AddWithValue("copy", $"floor_{table}");
        await using var reader = await command.ExecuteReaderAsync();
        var indexes = new List<string>();
        while (await reader.ReadAsync()) indexes.Add(reader.GetString(0));
        return indexes;
    }

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
