using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>Where a view stands: its row in <c>mt_event_progression</c>, what stopped it, and what it may pass over.</summary>
internal sealed class ViewProgress(string view)
{
    private const string ReadRow = """
        select p.last_seq_id, s.seq_id, s.error,
            array(select k.seq_id from view_skip k where k.name = p.name and k.seq_id > p.last_seq_id)
        from mt_event_progression p
        left join view_stop s on s.name = p.name
        where p.name = @name
        """;

    private const string LockRow = $"{ReadRow} for update of p skip locked";

    private const string MoveRow = "update mt_event_progression set last_seq_id = @position, last_updated = @now where name = @name";

    private const string PassRow = """
        update mt_event_progression set last_seq_id = @position, last_updated = @now
        where name = (
            select p.name from mt_event_progression p
            where p.name = @name and p.last_seq_id = @from and not exists (select from view_stop s where s.name = p.name)
            for update of p skip locked)
        """;

    private const string StopRow = """
        insert into view_stop (name, seq_id, error, at) values (@name, @seq, @error, @now)
        on conflict (name) do update set seq_id = excluded.seq_id, error = excluded.error, at = excluded.at
        """;

    private const string StartRows = """
        insert into mt_event_progression (name, last_seq_id, last_updated) select name, 0, @now from unnest(@names) as n (name)
        on conflict (name) do nothing
        """;

    public Task<ViewStanding?> Look(NpgsqlConnection connection, CancellationToken ct) => Read(connection, ReadRow, ct);

    /// <summary>Null: another node is at work on the view.</summary>
    public Task<ViewStanding?> Lock(NpgsqlConnection connection, CancellationToken ct) => Read(connection, LockRow, ct);

    public NpgsqlBatchCommand Move(long position, DateTimeOffset now) =>
        Arguments.Statement(MoveRow, [("name", view), ("position", position), ("now", now)]);

    /// <summary>Moves a view that stands there on its own; false: it does not, or another node is at work on it.</summary>
    public async Task<bool> Pass(NpgsqlConnection connection, long from, long position, DateTimeOffset now, CancellationToken ct) =>
        await Run(connection, PassRow, ct, ("name", view), ("from", from), ("position", position), ("now", now)) > 0;

    public NpgsqlBatchCommand Stop(ViewFailure failure, DateTimeOffset now) =>
        Arguments.Statement(StopRow, [("name", view), ("seq", failure.Seq), ("error", failure.Message), ("now", now)]);

    /// <summary>A new view starts at the beginning of the log.</summary>
    public static Task Start(NpgsqlConnection connection, IEnumerable<string> views, DateTimeOffset now, CancellationToken ct) =>
        Run(connection, StartRows, ct, ("names", views.ToArray()), ("now", now));

    private async Task<ViewStanding?> Read(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Arguments.Add(command.Parameters, [("name", view)]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;

        var stop = await reader.IsDBNullAsync(1, ct) ? null : new ViewFailure(reader.GetInt64(1), reader.GetString(2));
        return new ViewStanding(reader.GetInt64(0), stop, [.. reader.GetFieldValue<long[]>(3)]);
    }

    private static async Task<int> Run(NpgsqlConnection connection, string sql, CancellationToken ct, params (string, object?)[] args)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Arguments.Add(command.Parameters, args);
        return await command.ExecuteNonQueryAsync(ct);
    }
}

internal sealed record ViewStanding(long Position, ViewFailure? Stop, HashSet<long> Skipped);
