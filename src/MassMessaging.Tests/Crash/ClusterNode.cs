using System.Globalization;
using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.Crash;

/// <summary>One process of the service, with networks of its own to the database and to the gateway, and its own port for good.</summary>
internal sealed class ClusterNode(Cluster cluster, string role) : IAsyncDisposable
{
    private readonly List<string> faults = [];
    private ServiceProcess? process;

    public int Port { get; } = ServiceProcess.FreePort();

    public string Role => role;

    public TcpLink Database { get; } = new(() => new NpgsqlConnectionStringBuilder(cluster.Database.ConnectionString).Port);

    public TcpLink Gateway { get; } = new(() => new Uri(cluster.Simulator.Url).Port) { Listens = cluster.Writes.Listen };

    /// <summary>It runs, or is stopped by a spec.</summary>
    public bool IsUp => process is not null;

    public bool IsStopped { get; private set; }

    public bool AnswersRequests => IsUp && role != "worker";

    public string Output => process?.Output ?? "";

    /// <summary>What its requests failed with, of all of its processes so far.</summary>
    public IReadOnlyList<string> Faults => [.. faults, .. FaultsIn(Output)];

    public Task Start()
    {
        Launch();
        return IsReady();
    }

    /// <summary>A node that has ended though nobody made it fails with what it said.</summary>
    public Task IsReady() => process!.Ready();

    /// <summary>Without waiting until it is ready.</summary>
    public void Launch() => process = ServiceProcess.Launch(
        new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = new NpgsqlConnectionStringBuilder(cluster.Database.ConnectionString) { Port = Database.Port }.ConnectionString,
            ["EVOLUTION_API_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Gateway.Port}"),
            ["EVOLUTION_API_KEY"] = cluster.Simulator.ApiKey,
            ["EVOLUTION_CALL_TIMEOUT_SECONDS"] = "2",
            ["PUBLIC_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{cluster.Webhooks.Port}"),
            ["RATE_LIMIT_PER_MINUTE"] = "1000000",
            ["SIGN_IN_LIMIT_PER_MINUTE"] = "1000000",
            ["IN_DOUBT_ASK_HOURS"] = "0",
            ["ROLE"] = role,
        },
        Port);

    /// <summary>As kill -9.</summary>
    public async Task Kill()
    {
        if (process is not { } killed) return;

        process = null;
        await killed.DisposeAsync();
        faults.AddRange(FaultsIn(killed.Output));
    }

    /// <summary>SIGTERM: the exit code, once it has drained.</summary>
    public async Task<int> Drain()
    {
        var drained = process!;
        process = null;
        await using (drained)
        {
            var code = await drained.Terminate();
            faults.AddRange(FaultsIn(drained.Output));
            return code;
        }
    }

    public async Task Stop()
    {
        IsStopped = true;
        await process!.Stop();
    }

    public async Task Continue()
    {
        await process!.Continue();
        IsStopped = false;
    }

    /// <summary>A line that begins as a fault's, and those behind it that are indented.</summary>
    private static IEnumerable<string> FaultsIn(string output)
    {
        const string Begin = "fail: MassMessaging.Http";
        return output.Split($"\n{Begin}").Skip(1)
            .Select(rest => string.Join('\n', rest.Split('\n').TakeWhile((line, place) => place == 0 || line.StartsWith(' ')).Prepend(Begin)));
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        await Database.DisposeAsync();
        await Gateway.DisposeAsync();
    }
}
