using Npgsql;

namespace MassMessaging.Tests.Harness;

/// <summary>
/// A fresh database with an empty schema on the run's cluster, dropped at the end. Take it as <c>IClassFixture&lt;TestDatabase&gt;</c>
/// for one a class, or use <see cref="Create"/> for one a spec. It is a database, not only a schema: notifications and
/// advisory locks reach across schemas. It takes about 100 ms.
/// </summary>
public sealed class TestDatabase(TestCluster cluster) : IAsyncLifetime
{
    private readonly string name = $"test_{Guid.NewGuid():n}";

    public string Schema => "mass_messaging";

    /// <summary>Its search_path is the schema.</summary>
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
        await OnCluster($"create database {name}");
        ConnectionString = new NpgsqlConnectionStringBuilder(await cluster.ConnectionString())
        {
            Database = name,
            SearchPath = Schema,
            MaxPoolSize = 20,
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

    /// <summary>By force: a session that a spec left open would let the drop fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await OnCluster($"drop database if exists {name} with (force)");
    }

    private async Task OnCluster(string sql)
    {
        await using var connection = new NpgsqlConnection(await cluster.ConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
