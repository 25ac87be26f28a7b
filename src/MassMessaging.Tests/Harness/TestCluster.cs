using MassMessaging.Tests.Harness;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace MassMessaging.Tests.Harness;

/// <summary>
/// The PostgreSQL of this test run: a throw-away one, or the server that TEST_POSTGRES (a connection string) names.
/// Fixtures and specs take it as a constructor parameter. It is started by whoever asks first: pure specs do without.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly Lazy<Task<RestartableCluster>> own = new(() => RestartableCluster.Start(("synchronous_commit", "off")));

    public async Task<string> ConnectionString()
    {
        var existing = Environment.GetEnvironmentVariable("TEST_POSTGRES");
        return string.IsNullOrWhiteSpace(existing) ? (await own.Value).ConnectionString : existing;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (own.IsValueCreated) await (await own.Value).DisposeAsync();
    }
}
