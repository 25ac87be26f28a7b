using System.Globalization;
using Npgsql;

namespace MassMessaging.EmbeddedPostgres;

/// <summary>A server process on this machine, started and stopped with pg_ctl, which detaches it from the terminal's Ctrl-C.</summary>
public sealed class LocalPostgres : IRunningPostgres
{
    private const int Tries = 20;
    private static readonly TimeSpan AfterItsFile = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    private readonly ServerFolder folder;
    private readonly PostgresBinaries binaries;
    private FileStream? inUse;

    private LocalPostgres(ServerFolder folder, PostgresBinaries binaries) => (this.folder, this.binaries) = (folder, binaries);

    public string Source => $"PostgreSQL {binaries.Version} of {binaries.Bin}, data in {folder.Path}";

    public NpgsqlConnectionStringBuilder Connection(string database) => folder.Connection(database);

    public static async Task<LocalPostgres> Start(
        ServerFolder folder, PostgresBinaries binaries, PostgresServerOptions options, CancellationToken ct)
    {
        var server = new LocalPostgres(folder, binaries);
        if (!await server.Adopt(ct))
        {
            if (!folder.HasData) await server.Initialise(options, ct);
            await server.StartProcess(options, ct);
        }

        server.inUse = ServerLocks.Use(folder);
        return server;
    }

    public async Task Stop(bool atOnce)
    {
        if (inUse is null) return;

        await using var changing = await ServerLocks.StartOrStop(folder, CancellationToken.None);
        await inUse.DisposeAsync();
        inUse = null;
        if (ServerLocks.IsUsed(folder) || Postmaster.Of(folder) is not { } postmaster || postmaster.State(folder) != PostmasterState.Runs) return;

        var ended = await PgCtl(["stop", "-w", "-t", "60", "-m", atOnce ? "immediate" : "fast"], CancellationToken.None);
        if (!await postmaster.Ends(AfterItsFile)) throw new PostgresUnavailableException($"PostgreSQL did not stop: {ended.Output}");
    }

    /// <summary>A server that runs but does not answer to our password is of no use: it is stopped, and the data is started anew.</summary>
    private async Task<bool> Adopt(CancellationToken ct)
    {
        if (Postmaster.Of(folder) is not { } postmaster) return false;

        var state = postmaster.State(folder);
        if (state == PostmasterState.Another) File.Delete(Postmaster.FileOf(folder));
        if (state != PostmasterState.Runs) return false;

        if (postmaster.Port is { } port) await File.WriteAllTextAsync(folder.At("port"), port.ToString(CultureInfo.InvariantCulture), ct);
        if (await Answers(ct)) return true;

        await PgCtl(["stop", "-w", "-t", "60", "-m", "fast"], ct);
        return false;
    }

    private async Task<bool> Answers(CancellationToken ct)
    {
        var connection = folder.Connection("postgres");
        (connection.Pooling, connection.Timeout) = (false, 5);
        for (var tries = Tries; tries > 0; tries--)
        {
            try
            {
                await using var opened = new NpgsqlConnection(connection.ConnectionString);
                await opened.OpenAsync(ct);
                return true;
            }
            catch (PostgresException starting) when (starting.SqlState == PostgresErrorCodes.CannotConnectNow)
            {
                await Task.Delay(BetweenTries, ct);
            }
            catch (Exception silent) when (silent is NpgsqlException or IOException)
            {
                return false;
            }
        }

        return false;
    }

    private async Task Initialise(PostgresServerOptions options, CancellationToken ct)
    {
        if (Directory.Exists(folder.Unfinished)) Directory.Delete(folder.Unfinished, recursive: true); // an earlier initdb was interrupted
        if (!File.Exists(folder.PasswordFile)) folder.CreatePassword();
        if (folder.User is { } user) await user.Own(folder.Path, ct);

        var ended = await AsServerUser(binaries.Command(
            "initdb", ["-D", folder.Unfinished, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=scram-sha-256", $"--pwfile={folder.PasswordFile}",
                .. options.Durable ? Array.Empty<string>() : ["--no-sync"]]), ct);
        if (!ended.Succeeded) throw new PostgresUnavailableException($"initdb of {binaries.Bin} could not create a database in {folder.Data}: {ended.Output}");

        await File.AppendAllTextAsync(Path.Combine(folder.Unfinished, "postgresql.conf"), "\ninclude '../server.conf'\n", ct);
        Directory.Move(folder.Unfinished, folder.Data);
    }

    private async Task StartProcess(PostgresServerOptions options, CancellationToken ct)
    {
        if (File.Exists(folder.Log)) File.Move(folder.Log, folder.Log + ".1", overwrite: true);
        for (var left = Tries; ; left--)
        {
            folder.ChoosePort(another: left < Tries);
            await File.WriteAllTextAsync(folder.At("server.conf"), ServerSettings.Lines(folder.Port, options), ct);
            if (folder.User is { } user) await user.Own(folder.Path, ct);

            var ended = await PgCtl(["start", "-w", "-t", "120", "-l", folder.Log], ct);
            if (ended.Succeeded) return;

            var log = await File.ReadAllTextAsync(folder.Log, ct);
            if (left == 0 || !MayPass(log))
                throw new PostgresUnavailableException($"PostgreSQL {binaries.Version} did not start on {folder.Data}: {string.Join('\n', log.Split('\n').TakeLast(20))}");

            File.Delete(folder.Log);
            await Task.Delay(BetweenTries, ct);
        }
    }

    /// <summary>Somebody took the port meanwhile, or the workers of a killed server are still on their way out.</summary>
    private static bool MayPass(string log) =>
        log.Contains("could not bind", StringComparison.Ordinal) || log.Contains("still in use", StringComparison.Ordinal);

    private Task<Command.Ended> PgCtl(IReadOnlyList<string> arguments, CancellationToken ct) =>
        AsServerUser(binaries.Command("pg_ctl", [.. arguments, "-D", folder.Data]), ct);

    private Task<Command.Ended> AsServerUser(IReadOnlyList<string> command, CancellationToken ct) =>
        Command.Run(folder.User?.Run(command) ?? command, ct, folder.Path);
}
