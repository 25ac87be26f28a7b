using MassMessaging.EmbeddedPostgres;
using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.Crash;

/// <summary>
/// A copy of a run's database, taken while it sends, that takes the database's place later. By pg_dump and pg_restore; where the server came
/// without them (the npm package has none) by PostgreSQL's own copy of a database, for which the node must be killed.
/// </summary>
internal sealed class DatabaseCopy(TestCluster cluster, string connectionString) : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"massmessaging-{Guid.NewGuid():n}.dump");
    private readonly string name = new NpgsqlConnectionStringBuilder(connectionString).Database!;
    private IReadOnlyList<string>? dump;
    private IReadOnlyList<string>? restore;

    public string Way => dump is null ? "create database … template" : "pg_dump";

    public static async Task<DatabaseCopy> Take(TestCluster cluster, SendingRun run)
    {
        var copy = new DatabaseCopy(cluster, run.ConnectionString);
        await copy.FindPrograms();
        if (copy.dump is not null)
        {
            await Run([.. copy.dump, "--format=custom", $"--file={copy.file}", copy.Uri]);
            return copy;
        }

        await run.Nodes[0].Kill9();
        NpgsqlConnection.ClearAllPools();
        await copy.OnServer($"create database {copy.name}_copy template {copy.name}");
        await run.StartNode();
        return copy;
    }

    /// <summary>The service has ended.</summary>
    public async Task TakesItsPlace()
    {
        NpgsqlConnection.ClearAllPools();
        await OnServer($"drop database {name} with (force)");
        if (restore is null)
        {
            await OnServer($"alter database {name}_copy rename to {name}");
            return;
        }

        await OnServer($"create database {name}");
        await Run([.. restore, "--exit-on-error", $"--dbname={Uri}", file]);
    }

    public void Dispose() => File.Delete(file);

    private string Uri
    {
        get
        {
            var to = new NpgsqlConnectionStringBuilder(connectionString);
            return $"postgresql://{System.Uri.EscapeDataString(to.Username!)}:{System.Uri.EscapeDataString(to.Password!)}@{to.Host}:{to.Port}/{name}";
        }
    }

    private async Task FindPrograms()
    {
        var options = new PostgresServerOptions(Path.GetTempPath());
        if (await PostgresBinaries.Find(options, null, CancellationToken.None) is not { } binaries) return;

        var (dumps, restores) = (binaries.Command("pg_dump"), binaries.Command("pg_restore"));
        if (!File.Exists(dumps[^1]) || !File.Exists(restores[^1]) || binaries.Major < await Major()) return;

        (dump, restore) = (dumps, restores);
    }

    private async Task<int> Major()
    {
        await using var connection = new NpgsqlConnection(await cluster.ConnectionString());
        await connection.OpenAsync();
        return connection.PostgreSqlVersion.Major;
    }

    private async Task OnServer(string sql)
    {
        await using var connection = new NpgsqlConnection(await cluster.ConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task Run(IReadOnlyList<string> command)
    {
        var ended = await Command.Run(command, CancellationToken.None);
        Assert.True(ended.Succeeded, ended.Output);
    }
}
