using Npgsql;

namespace MassMessaging.EmbeddedPostgres;

/// <summary>
/// A PostgreSQL of the product's own, on 127.0.0.1 only. A server still running after its service was killed is taken over;
/// a crashed one recovers as it starts. Stopped by <see cref="Stop"/>, unless another service uses the same folder.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Database = "massmessaging";

    private readonly IRunningPostgres running;

    private PostgresServer(IRunningPostgres running) => this.running = running;

    public string ConnectionString => running.Connection(Database).ConnectionString;

    /// <summary>For people: which PostgreSQL this is, and where it comes from.</summary>
    public string Source => running.Source;

    /// <exception cref="PostgresUnavailableException">No binaries, or they do not start; the message says what to do.</exception>
    public static async Task<PostgresServer> Start(PostgresServerOptions options, CancellationToken ct)
    {
        var folder = ServerFolder.Open(options.Folder, options.Tell);
        IRunningPostgres started;
        using (await ServerLocks.StartOrStop(folder, ct)) started = await Run(folder, options, ct);

        var server = new PostgresServer(started);
        try
        {
            await server.CreateDatabase(ct);
            return server;
        }
        catch
        {
            await server.Stop();
            throw;
        }
    }

    /// <param name="atOnce">Without a last checkpoint, as in a crash: the next start recovers.</param>
    public Task Stop(bool atOnce = false) => running.Stop(atOnce);

    public async ValueTask DisposeAsync() => await Stop();

    private static async Task<IRunningPostgres> Run(ServerFolder folder, PostgresServerOptions options, CancellationToken ct)
    {
        if (await PostgresBinaries.Find(options, folder.Major, ct) is { } binaries) return await LocalPostgres.Start(folder, binaries, options, ct);

        if (folder.Major is { } major)
            throw new PostgresUnavailableException(
                $"The data in {folder.Path} was written by PostgreSQL {major}, and no PostgreSQL {major} was found here. Install that version, "
                + "set POSTGRES_BIN to its bin folder, or move the folder away to start with an empty database.");

        if (options.Sources.Contains(PostgresSource.Docker) && await DockerPostgres.Start(folder, options, ct) is { } container) return container;

        throw new PostgresUnavailableException(
            "No PostgreSQL was found: no POSTGRES_BIN, none on PATH, none where packages put it, none from npm, and no Docker engine answers. Do one of these: "
            + $"install PostgreSQL {PostgresBinaries.Oldest} or later (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17; Windows: the installer "
            + "of postgresql.org); or install Node.js with npm; or start Docker; or set ConnectionStrings__Postgres to a server of yours.");
    }

    private const string DatabaseExists = "select exists (select from pg_database where datname = @name)";

    private async Task CreateDatabase(CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(running.Connection("postgres").ConnectionString);
        await using var exists = source.CreateCommand(DatabaseExists);
        exists.Parameters.AddWithValue("name", Database);
        if (await exists.ExecuteScalarAsync(ct) is true) return;

        await using var create = source.CreateCommand($"create database {Database}");
        try
        {
            await create.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException raced) when (raced.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // another service on the same folder was quicker
        }
    }
}

/// <summary>A server process or a container.</summary>
public interface IRunningPostgres
{
    string Source { get; }

    NpgsqlConnectionStringBuilder Connection(string database);

    Task Stop(bool atOnce);
}
