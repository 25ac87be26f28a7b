using System.Runtime.InteropServices;
using MassMessaging.EmbeddedPostgres;
using MassMessaging.Simulator;
using Npgsql;

namespace MassMessaging;

/// <summary>What the service starts where nothing is configured: a PostgreSQL, and the simulator in the gateway's place.</summary>
public sealed class Surroundings : IAsyncDisposable
{
    private const int UsualSimulatorPort = 8080;

    private readonly List<IAsyncDisposable> started = [];

    private Surroundings()
    {
    }

    /// <summary>Both are the service's own: it may be filled with examples.</summary>
    public bool IsDemo => OwnPostgres is not null && Simulator is not null;

    /// <summary>Null when a gateway is configured.</summary>
    public SimulatorHost? Simulator { get; private set; }

    public string Postgres { get; private set; } = "";

    /// <summary>For people: which PostgreSQL this is.</summary>
    public string DatabaseSource => OwnPostgres?.Source ?? "as configured";

    private PostgresServer? OwnPostgres => started.OfType<PostgresServer>().SingleOrDefault();

    public static Task<Surroundings> Start(WebApplicationBuilder builder, Settings settings) => Start(builder, settings, databaseOnly: false);

    /// <summary>For commands, which call no gateway.</summary>
    public static Task<Surroundings> StartDatabase(WebApplicationBuilder builder, Settings settings) => Start(builder, settings, databaseOnly: true);

    public async ValueTask DisposeAsync()
    {
        foreach (var own in Enumerable.Reverse(started)) await own.DisposeAsync();
        started.Clear();
    }

    private static async Task<Surroundings> Start(WebApplicationBuilder builder, Settings settings, bool databaseOnly)
    {
        var surroundings = new Surroundings();
        try
        {
            // Ctrl-C while the server starts must not leave it behind.
            using var interrupted = new CancellationTokenSource();
            using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Cancel(signal, interrupted));
            using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Cancel(signal, interrupted));
            await surroundings.StartWhatIsMissing(builder, settings, databaseOnly, interrupted.Token);
            return surroundings;
        }
        catch
        {
            await surroundings.DisposeAsync();
            throw;
        }
    }

    private async Task StartWhatIsMissing(WebApplicationBuilder builder, Settings settings, bool databaseOnly, CancellationToken ct)
    {
        Postgres = settings.Postgres ?? await StartPostgres(builder, ct);
        await using (var tried = new NpgsqlConnection(Postgres)) await tried.OpenAsync(ct); // fails here in one sentence, later with a page
        if (settings.EvolutionUrl is null && !databaseOnly) await StartSimulator(builder, ct);
    }

    /// <summary>Features find the simulator where they would find a gateway.</summary>
    private async Task StartSimulator(WebApplicationBuilder builder, CancellationToken ct)
    {
        Simulator = await OnUsualPort(new SimulatorOptions { StateFile = Path.Combine(DataFolder(builder), "simulator.json") }, ct);
        started.Add(Simulator);
        builder.Configuration["EVOLUTION_API_URL"] = Simulator.Url;
        builder.Configuration["EVOLUTION_API_KEY"] = Simulator.ApiKey;
        if (string.IsNullOrWhiteSpace(builder.Configuration["WHATSAPP_CLOUD_URL"])) builder.Configuration["WHATSAPP_CLOUD_URL"] = Simulator.Url;
    }

    /// <summary>So that examples can name it; any other where it is taken.</summary>
    private static async Task<SimulatorHost> OnUsualPort(SimulatorOptions options, CancellationToken ct)
    {
        try
        {
            return await SimulatorHost.Start(options with { Port = UsualSimulatorPort }, ct);
        }
        catch (IOException)
        {
            return await SimulatorHost.Start(options, ct);
        }
    }

    private async Task<string> StartPostgres(WebApplicationBuilder builder, CancellationToken ct)
    {
        var folder = Path.Combine(DataFolder(builder), "postgres");
        var server = await PostgresServer.Start(new PostgresServerOptions(folder) { Tell = Console.Error.WriteLine }, ct);
        started.Add(server);
        return server.ConnectionString;
    }

    /// <summary>What both keep between runs: in <c>DATA_FOLDER</c>, else in <c>.data</c>, which git ignores.</summary>
    private static string DataFolder(WebApplicationBuilder builder) =>
        builder.Configuration["DATA_FOLDER"] ?? Path.Combine(builder.Environment.ContentRootPath, ".data");

    private static void Cancel(PosixSignalContext signal, CancellationTokenSource interrupted)
    {
        signal.Cancel = true;
        interrupted.Cancel();
    }
}
