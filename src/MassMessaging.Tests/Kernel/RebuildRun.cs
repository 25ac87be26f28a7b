using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.Kernel;

/// <summary>A node whose rebuilds keep their place after every event.</summary>
public abstract class RebuildRun(TestCluster cluster) : IAsyncLifetime
{
    protected TestDatabase Database { get; private set; } = null!;

    protected KernelHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.Create(cluster);
        Host = await KernelHost.Start(Database, rebuild: new RebuildOptions(CheckpointEvents: 1));
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<long> Kept() => await Database.Value<long>("select max(position) from view_rebuild");

    /// <summary>A reader of the tables, which no exchange gets past.</summary>
    protected async Task<NpgsqlConnection> Holding(string tables)
    {
        var connection = await Database.DataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"begin; lock table {tables} in access share mode", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
