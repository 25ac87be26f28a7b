using System.Diagnostics;
using MassMessaging.EmbeddedPostgres;
using Npgsql;

namespace MassMessaging.Benchmarks;

/// <summary>What the server has written ahead since its start.</summary>
/// <param name="FullPages">Images of whole pages: each page's first change after a checkpoint.</param>
public sealed record WalWritten(decimal Bytes, long FullPages)
{
    public static WalWritten operator +(WalWritten some, WalWritten more) => new(some.Bytes + more.Bytes, some.FullPages + more.FullPages);

    public static WalWritten operator -(WalWritten later, WalWritten earlier) => new(later.Bytes - earlier.Bytes, later.FullPages - earlier.FullPages);
}

/// <summary>A PostgreSQL of the benchmark's own, thrown away with its folder.</summary>
public sealed class BenchmarkServer : IAsyncDisposable
{
    private const string Behind = "select coalesce((select last_value from mt_events_sequence where is_called) > min(last_seq_id), false) from mt_event_progression";

    private readonly PostgresServer server;

    private BenchmarkServer(PostgresServer server, string folder)
    {
        (this.server, Folder) = (server, folder);
        Database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { SearchPath = "mass_messaging" }.ConnectionString);
    }

    /// <summary>Also for what the service keeps.</summary>
    public string Folder { get; }

    public string ConnectionString => server.ConnectionString;

    /// <summary>As the server's owner, in the service's schema.</summary>
    public NpgsqlDataSource Database { get; }

    public static async Task<BenchmarkServer> Start(BenchmarkOptions options)
    {
        // Not a private one: started by root, PostgreSQL runs as another user, who must reach it.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"massmessaging-{Guid.NewGuid():n}")).FullName;
        var settings = new PostgresServerOptions(Path.Combine(folder, "postgres")) { Settings = options.ServerSettings, Tell = Report.Tell };
        return new(await PostgresServer.Start(settings, default), folder);
    }

    public async Task<WalWritten> Wal()
    {
        await using var command = Database.CreateCommand("select wal_bytes, wal_fpi from pg_stat_wal");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(row.GetDecimal(0), row.GetInt64(1));
    }

    /// <summary>One value, asked as the owner.</summary>
    public async Task<T> Ask<T>(string sql, params (string Name, object Value)[] args)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var (name, value) in args) command.Parameters.AddWithValue(name, value);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <exception cref="InvalidOperationException">It does not come to be within <paramref name="longest"/>.</exception>
    public static async Task Until(Func<Task<bool>> isSo, TimeSpan longest)
    {
        var waited = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (waited.Elapsed > longest) throw new InvalidOperationException("The service does not come to its end.");
            await Task.Delay(10);
        }
    }

    /// <summary>Returns when the service's views have taken in the whole log.</summary>
    public Task CaughtUp() => Until(async () => !await Ask<bool>(Behind), TimeSpan.FromMinutes(10));

    /// <summary>While the service stands still: its views go on behind everything that is in the log.</summary>
    public Task SkipToEnd() => Run("update mt_event_progression set last_seq_id = (select last_value from mt_events_sequence)");

    /// <summary>A statement as the owner, however long it takes.</summary>
    public async Task Run(string sql, params (string Name, object Value)[] args)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var (name, value) in args) command.Parameters.AddWithValue(name, value);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
