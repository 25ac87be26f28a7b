using System.Runtime.InteropServices;
using MassMessaging.EmbeddedPostgres;

namespace MassMessaging;

/// <summary>What the service starts of its own where nothing is configured: a PostgreSQL, and the simulator in the gateway's place.</summary>
public sealed class Surroundings : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> started = [];

    private Surroundings()
    {
    }

    /// <summary>Both are the service's own: it may be filled with examples.</summary>
    public bool IsDemo { get; private set; }

    public string Postgres { get; private set; } = "";

    public static async Task<Surroundings> Start(WebApplicationBuilder builder, Settings settings)
    {
        var surroundings = new Surroundings();
        try
        {
            // Ctrl-C while the server starts must not leave it behind.
            using var interrupted = new CancellationTokenSource();
            using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Cancel(signal, interrupted));
            using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Cancel(signal, interrupted));
            await surroundings.StartWhatIsMissing(builder, settings, interrupted.Token);
            return surroundings;
        }
        catch
        {
            await surroundings.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var own in Enumerable.Reverse(started)) await own.DisposeAsync();
        started.Clear();
    }

    private async Task StartWhatIsMissing(WebApplicationBuilder builder, Settings settings, CancellationToken ct)
    {
        Postgres = settings.Postgres ?? await StartPostgres(builder, ct);
        IsDemo = settings.Postgres is null && settings.EvolutionUrl is null;
    }

    private async Task<string> StartPostgres(WebApplicationBuilder builder, CancellationToken ct)
    {
        var folder = builder.Configuration["DATA_FOLDER"] ?? Path.Combine(builder.Environment.ContentRootPath, ".data");
        var server = await PostgresServer.Start(new PostgresServerOptions(Path.Combine(folder, "postgres")) { Tell = Console.Error.WriteLine }, ct);
        started.Add(server);
        return server.ConnectionString;
    }

    private static void Cancel(PosixSignalContext signal, CancellationTokenSource interrupted)
    {
        signal.Cancel = true;
        interrupted.Cancel();
    }
}
