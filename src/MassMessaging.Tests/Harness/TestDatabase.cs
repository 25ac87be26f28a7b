using Npgsql;

namespace MassMessaging.Tests.Harness;

/// <summary>
/// A fresh database with an empty schema on the run's cluster, dropped at the end. Take it as <c>IClassFixture&lt;TestDatabase&gt;</c>
/// for one a class, or use <see cref="Create(TestCluster)"/> for one a spec. It is a database, not only a schema: notifications and
/// advisory locks reach across schemas. It takes about 100 ms.
/// </summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private readonly Func<Task<string>> server;
    private readonly string name = $"test_{Guid.NewGuid():n}";

    public TestDatabase(TestCluster cluster) => server = cluster.ConnectionString;

    private TestDatabase(RestartableCluster cluster) => server = () => Task.FromResult(cluster.ConnectionString);

    public string Schema => "mass_messaging";

    /// <summary>Its search_path is the schema.</summary>
    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource DataSource { get; private set; } = null!;

    public static Task<TestDatabase> Create(TestCluster cluster) => Created(new TestDatabase(cluster));

    public static Task<TestDatabase> Create(RestartableCluster cluster) => Created(new TestDatabase(cluster));

    public async ValueTask InitializeAsync()
    {
        await OnCluster($"create database {name}");
        ConnectionString = new NpgsqlConnectionStringBuilder(await server())
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

    private static async Task<TestDatabase> Created(TestDatabase database)
    {
        await database.InitializeAsync();
        return database;
    }

    private async Task OnCluster(string sql)
    {
        await using var connection = new NpgsqlConnection(await server());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
