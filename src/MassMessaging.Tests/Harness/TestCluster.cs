using MassMessaging.Tests.Harness;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace MassMessaging.Tests.Harness;

/// <summary>
/// The PostgreSQL of this test run: a throw-away one, or the server that TEST_POSTGRES (a connection string) names.
/// Fixtures and specs take it as a constructor parameter.
/// </summary>
public sealed class TestCluster : IAsyncLifetime
{
    private ThrowAwayServer? own;

    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var existing = Environment.GetEnvironmentVariable("TEST_POSTGRES");
        if (string.IsNullOrWhiteSpace(existing)) own = await ThrowAwayServer.Start();
        ConnectionString = existing ?? own!.Server.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (own is not null) await own.DisposeAsync();
    }
}
