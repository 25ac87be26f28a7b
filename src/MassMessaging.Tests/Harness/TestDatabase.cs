using Npgsql;

namespace MassMessaging.Tests.Harness;

/// <summary>
/// A fresh, empty schema on the run's cluster, dropped at the end. Take it as <c>IClassFixture&lt;TestDatabase&gt;</c> for one a class,
/// or use <see cref="Create"/> for one a spec.
/// </summary>
public sealed class TestDatabase(TestCluster cluster) : IAsyncLifetime
{
    public string Schema { get; } = $"test_{Guid.NewGuid():n}";

    /// <summary>Its search_path is the schema. Pools differ by connection string, so this one is small.</summary>
    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource DataSource { get; private set; } = null!;

    public static async Task<TestDatabase> Create(TestCluster cluster)
    {
        var database = new TestDatabase(cluster);
        await database.InitializeAsync();
        return database;
    }

    public async ValueTask InitializeAsync()
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(await cluster.ConnectionString())
        {
            SearchPath = Schema,
            MaxPoolSize = 20,
            ApplicationName = Schema,
        }.ConnectionString;
        DataSource = NpgsqlDataSource.Create(ConnectionString);
        await Execute($"create schema {Schema}");
    }

    public async Task Execute(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T?> Value<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        await EndSessions();
        await Execute($"drop schema if exists {Schema} cascade");
        await DataSource.DisposeAsync();
    }

    /// <summary>Whatever a spec left open would hold locks on the schema and let the drop wait for ever.</summary>
    private Task EndSessions() => Execute(
        $"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{Schema}' and pid <> pg_backend_pid()");
}
