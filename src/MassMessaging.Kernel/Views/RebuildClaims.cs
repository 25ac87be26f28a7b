using System.Data;
using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// Who works on a rebuild: locks of a connection, which the server gives back when its process dies. A whole view is one worker's; parts of it
/// are worked on side by side, but never beside the whole.
/// </summary>
internal sealed class RebuildClaims(NpgsqlConnection connection) : IAsyncDisposable
{
    private const string Whole = "select pg_try_advisory_lock(hashtextextended(@view, 1))";

    private const string Part = """
        select case
            when not pg_try_advisory_lock_shared(hashtextextended(@view, 1)) then false
            when pg_try_advisory_lock(hashtextextended(@view || ' ' || @profile, 1)) then true
            else not pg_advisory_unlock_shared(hashtextextended(@view, 1)) end
        """;

    public NpgsqlConnection Connection => connection;

    public static async Task<RebuildClaims> Open(NpgsqlDataSource database, CancellationToken ct) => new(await database.OpenConnectionAsync(ct));

    public async Task<bool> Take(ViewType view, Guid? profile, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(profile is null ? Whole : Part, connection);
        Arguments.Add(command.Parameters, [("view", $"rebuild {view.Table}"), ("profile", profile?.ToString("D") ?? "")]);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    public async ValueTask DisposeAsync()
    {
        if (connection.State == ConnectionState.Open) await ShadowTable.Run(connection, "select pg_advisory_unlock_all()", CancellationToken.None);
        await connection.DisposeAsync();
    }
}
