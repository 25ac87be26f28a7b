using MassMessaging.EmbeddedPostgres;

namespace MassMessaging.Tests.Harness;

/// <summary>A server of a spec's own, which the spec may crash and start again on the same port.</summary>
public sealed class RestartableCluster : IAsyncDisposable
{
    private readonly ServerScratch scratch = new();
    private readonly (string Name, string Value)[] settings;
    private PostgresServer? server;

    private RestartableCluster((string Name, string Value)[] settings) => this.settings = settings;

    public string ConnectionString { get; private set; } = "";

    public static async Task<RestartableCluster> Start(params (string Name, string Value)[] settings)
    {
        var started = new RestartableCluster(settings);
        await started.StartAgain();
        return started;
    }

    public async Task StartAgain()
    {
        server = await PostgresServer.Start(Options(), CancellationToken.None);
        ConnectionString = server.ConnectionString;
    }

    /// <summary>Sessions end at once, and the next start recovers what was committed.</summary>
    public Task Crash() => server!.Stop(atOnce: true);

    /// <summary>Sessions end at once; a last checkpoint is written.</summary>
    public Task Stop() => server!.Stop();

    private PostgresServerOptions Options() => new(scratch.Path)
    {
        Durable = false,
        Settings = settings.Append(("max_connections", "300")).ToDictionary(),
    };

    public async ValueTask DisposeAsync()
    {
        await Crash();
        scratch.Dispose();
    }
}
