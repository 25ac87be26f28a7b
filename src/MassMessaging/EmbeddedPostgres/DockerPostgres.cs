using Npgsql;

namespace MassMessaging.EmbeddedPostgres;

/// <summary>A container of the official image for machines without binaries; its data is in a named volume.</summary>
public sealed class DockerPostgres : IRunningPostgres
{
    public const string Image = "postgres:17";

    private static readonly TimeSpan EngineAnswersWithin = TimeSpan.FromSeconds(10);
    private const int Tries = 120;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    private readonly ServerFolder folder;
    private readonly string docker;
    private readonly string name;

    private DockerPostgres(ServerFolder folder, string docker) =>
        (this.folder, this.docker, name) = (folder, docker, "massmessaging-" + folder.Id);

    public string Source => $"{Image} in the Docker container {name}";

    public NpgsqlConnectionStringBuilder Connection(string database) => folder.Connection(database);

    /// <summary>Null if there is no engine.</summary>
    public static async Task<DockerPostgres?> Start(ServerFolder folder, PostgresServerOptions options, CancellationToken ct)
    {
        if (Command.Find(options.DockerClient) is not { } docker || !await EngineAnswers(docker, ct)) return null;

        var server = new DockerPostgres(folder, docker);
        options.Tell($"No PostgreSQL on this machine: starting {Image} with Docker");
        if (!File.Exists(folder.PasswordFile)) folder.CreatePassword();
        await Command.Run([docker, "rm", "--force", server.name], ct); // of a run that was killed; the data is in the volume
        folder.ChoosePort(another: false);
        var ended = await Command.Run([docker, .. server.RunArguments(options)], ct, environment: Environment(folder));
        if (!ended.Succeeded) throw new PostgresUnavailableException($"Docker answers, but could not start {Image}: {ended.Output}");

        await server.Ready(ct);
        return server;
    }

    /// <summary>The password goes by the environment: arguments are open to every user of the machine.</summary>
    private IReadOnlyList<string> RunArguments(PostgresServerOptions options)
    {
        IEnumerable<string> settings = options.Settings.SelectMany(setting => (string[])["-c", $"{setting.Key}={setting.Value}"]);
        return
        [
            "run", "--detach", "--rm", "--name", name, "--publish", $"127.0.0.1:{folder.Port}:5432",
            "--volume", $"{name}:/var/lib/postgresql/data", "--env", "POSTGRES_PASSWORD", "--env", "POSTGRES_INITDB_ARGS", Image,
            "-c", "max_connections=200", "-c", "timezone=UTC", .. settings,
        ];
    }

    public async Task Stop(bool atOnce) => await Command.Run([docker, atOnce ? "kill" : "stop", name], CancellationToken.None);

    private static Dictionary<string, string> Environment(ServerFolder folder) => new()
    {
        ["POSTGRES_PASSWORD"] = File.ReadAllText(folder.PasswordFile),
        ["POSTGRES_INITDB_ARGS"] = "--locale=C --encoding=UTF8",
    };

    private static async Task<bool> EngineAnswers(string docker, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(EngineAnswersWithin);
        try
        {
            return (await Command.Run([docker, "version", "--format", "{{.Server.Version}}"], patience.Token)).Succeeded;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The image starts a first time without TCP to initialise itself, so only an answer over TCP counts.</summary>
    private async Task Ready(CancellationToken ct)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Connection("postgres").ConnectionString + ";Pooling=false;Timeout=5");
                await connection.OpenAsync(ct);
                return;
            }
            catch (Exception early) when (early is NpgsqlException or IOException)
            {
                if (left == 0) throw new PostgresUnavailableException($"The container {name} does not answer.", early);

                await Task.Delay(BetweenTries, ct);
            }
        }
    }
}
