using System.Data.Common;
using Npgsql;

namespace MassMessaging.Kernel;

/// <param name="ProfileId">Whose part; null: the whole view.</param>
/// <param name="State"><c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Processed">Place in the log that the shadow has reached, of <paramref name="Total"/>.</param>
/// <param name="Resumed">How often it went on where another process had left it.</param>
/// <param name="FailedSeq">The event that it failed on.</param>
public sealed record RebuildProgress(
    string View, Guid? ProfileId, string State, long Processed, long Total, int Resumed, string Actor, DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt, long? FailedSeq, string? Error)
{
    /// <summary>Place in the log up to which its rows would outlive the process.</summary>
    internal long Position { get; init; }
}

/// <summary>What <c>view_rebuild</c> says: any node may ask, work, watch and cancel.</summary>
internal sealed class RebuildLedger(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns =
        "r.name, r.profile_id, r.state, r.processed, r.total, r.resumed, r.actor, r.started_at, r.finished_at, r.failed_seq, r.error, r.position";

    // One that runs goes on as it is.
    private const string Ask = """
        insert into view_rebuild as r (profile_id, name, state, fingerprint, actor, started_at)
        select @profile, name, 'running', fingerprint, @actor, @now from unnest(@names::text[], @fingerprints::text[]) as n (name, fingerprint)
        on conflict (profile_id, name) do update
        set state = 'running', fingerprint = excluded.fingerprint, position = 0, processed = 0, total = 0, resumed = 0, actor = excluded.actor,
            started_at = excluded.started_at, finished_at = null, failed_seq = null, error = null
        where r.state <> 'running' or r.fingerprint <> excluded.fingerprint
        """;

    private const string ReadAll = $"select {Columns} from view_rebuild r order by r.started_at desc, r.name";

    private const string ReadRunning = $"""
        select {Columns}
        from view_rebuild r
        join unnest(@names::text[], @fingerprints::text[]) as n (name, fingerprint) on n.name = r.name and n.fingerprint = r.fingerprint
        where r.state = 'running' order by r.started_at, r.name
        """;

    // In the version that this process knows: another version's request is none of its work.
    private const string End = """
        update view_rebuild set state = @state, finished_at = @now, failed_seq = @seq, error = @error,
            total = greatest(total, processed), processed = case when @state = 'done' then greatest(total, processed) else processed end
        where profile_id = @profile and name = @name and fingerprint = coalesce(@fingerprint, fingerprint) and state = 'running'
        """;

    private const string Note = """
        update view_rebuild r set processed = @processed, total = @total from unnest(@names::text[], @fingerprints::text[]) as n (name, fingerprint)
        where r.profile_id = @profile and r.name = n.name and r.fingerprint = n.fingerprint and r.state = 'running' returning r.name
        """;

    private const string Keep = """
        update view_rebuild r set position = @position, processed = @position from unnest(@names::text[], @fingerprints::text[]) as n (name, fingerprint)
        where r.profile_id = @profile and r.name = n.name and r.fingerprint = n.fingerprint and r.state = 'running' returning r.name
        """;

    private const string GoOn = """
        update view_rebuild set position = @position, processed = @position, resumed = resumed + @resumed
        where profile_id = @profile and name = @name and fingerprint = @fingerprint and state = 'running'
        """;

    public Task Request(IReadOnlyList<ViewType> views, Guid? profile, string actor, CancellationToken ct) => Run(
        Ask, ct, ("profile", Part(profile)), ("actor", actor), ("now", clock.GetUtcNow()), Names(views), Fingerprints(views));

    /// <summary>Newest first.</summary>
    public Task<List<RebuildProgress>> All(CancellationToken ct) => Query(ReadAll, Read, ct);

    /// <summary>Those asked for in the version that this process knows.</summary>
    public static Task<List<RebuildProgress>> Running(NpgsqlConnection connection, IReadOnlyList<ViewType> views, CancellationToken ct) =>
        Query(connection, ReadRunning, Read, ct, Names(views), Fingerprints(views));

    /// <summary>False: it does not run, or not in the version that this process knows.</summary>
    public Task<bool> Finish(
        NpgsqlConnection? connection, ViewType view, Guid? profile, string state, string? error, long? seq, CancellationToken ct) =>
        Close(connection, view, view.Fingerprint, profile, state, error, seq, ct);

    /// <summary>Whatever version asked for it. False: it does not run.</summary>
    public Task<bool> Cancel(ViewType view, Guid? profile, CancellationToken ct) =>
        Close(null, view, fingerprint: null, profile, "cancelled", error: null, seq: null, ct);

    /// <summary>For those who watch. Answers which still run.</summary>
    public Task<List<string>> Tell(IReadOnlyList<ViewType> views, Guid? profile, long processed, long total, CancellationToken ct) => Query(
        Note, row => row.GetString(0), ct, ("profile", Part(profile)), Names(views), Fingerprints(views), ("processed", processed), ("total", total));

    /// <summary>In the transaction that writes the rows. Answers which still run.</summary>
    public static Task<List<string>> Checkpoint(
        NpgsqlConnection connection, IReadOnlyList<ViewType> views, Guid? profile, long position, CancellationToken ct) => Query(
        connection, Keep, row => row.GetString(0), ct, ("profile", Part(profile)), Names(views), Fingerprints(views), ("position", position));

    public static Task Begin(
        NpgsqlConnection connection, ViewType view, Guid? profile, long position, bool isResumed, CancellationToken ct) => Execute(
        connection, GoOn, ct, ("profile", Part(profile)), ("name", view.Name), ("fingerprint", view.Fingerprint), ("position", position),
        ("resumed", isResumed ? 1 : 0));

    private async Task<bool> Close(
        NpgsqlConnection? connection, ViewType view, string? fingerprint, Guid? profile, string state, string? error, long? seq,
        CancellationToken ct) => await Run(
        connection, End, ct, ("profile", Part(profile)), ("name", view.Name), ("fingerprint", fingerprint), ("state", state), ("error", error),
        ("seq", seq), ("now", clock.GetUtcNow())) > 0;

    private static Guid Part(Guid? profile) => profile ?? Guid.Empty;

    private static (string, object?) Names(IReadOnlyList<ViewType> views) => ("names", views.Select(view => view.Name).ToArray());

    private static (string, object?) Fingerprints(IReadOnlyList<ViewType> views) => ("fingerprints", views.Select(view => view.Fingerprint).ToArray());

    private static RebuildProgress Read(DbDataReader row) => new(
        row.GetString(0), row.GetGuid(1) is var profile && profile == Guid.Empty ? null : profile, row.GetString(2), row.GetInt64(3), row.GetInt64(4),
        row.GetInt32(5), row.GetString(6), row.GetFieldValue<DateTimeOffset>(7), row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
        row.IsDBNull(9) ? null : row.GetInt64(9), row.IsDBNull(10) ? null : row.GetString(10))
    {
        Position = row.GetInt64(11),
    };

    private Task<int> Run(string sql, CancellationToken ct, params (string, object?)[] args) => Run(null, sql, ct, args);

    private async Task<int> Run(NpgsqlConnection? connection, string sql, CancellationToken ct, params (string, object?)[] args)
    {
        if (connection is not null) return await Execute(connection, sql, ct, args);

        await using var own = await database.OpenConnectionAsync(ct);
        return await Execute(own, sql, ct, args);
    }

    private static async Task<int> Execute(NpgsqlConnection connection, string sql, CancellationToken ct, params (string, object?)[] args)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Arguments.Add(command.Parameters, args);
        return await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<List<T>> Query<T>(
        string sql, Func<DbDataReader, T> map, CancellationToken ct, params (string, object?)[] args)
    {
        await using var own = await database.OpenConnectionAsync(ct);
        return await Query(own, sql, map, ct, args);
    }

    internal static async Task<List<T>> Query<T>(
        NpgsqlConnection connection, string sql, Func<DbDataReader, T> map, CancellationToken ct, params (string, object?)[] args)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Arguments.Add(command.Parameters, args);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(map(reader));
        return rows;
    }
}
