using System.Globalization;
using MassMessaging.EmbeddedPostgres;

namespace MassMessaging.Tests.Harness;

/// <summary>A server below the temporary folder. It and its folder go when it is disposed of, or when the test process dies.</summary>
public sealed class ThrowAwayServer(string folder, DeathWatch watch, PostgresServer server) : IAsyncDisposable
{
    private static readonly string Root = Path.Combine(Path.GetTempPath(), "massmessaging-tests");
    private static readonly Dictionary<string, string> Settings = new() { ["max_connections"] = "300" };

    public PostgresServer Server => server;

    public static async Task<ThrowAwayServer> Start()
    {
        RemoveStale();
        var path = Path.Combine(Root, $"{Environment.ProcessId}-{Guid.NewGuid():n}");
        return new ThrowAwayServer(path, DeathWatch.OverServer(path), await PostgresServer.Start(Options(path), CancellationToken.None));
    }

    public static PostgresServerOptions Options(string folder) => new(folder) { Durable = false, Settings = Settings };

    public async ValueTask DisposeAsync()
    {
        await server.Stop(atOnce: true);
        watch.Dispose();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Where the watch could not do its work (Windows, a machine that went down), the next run does it. Folders are named by process id.</summary>
    private static void RemoveStale()
    {
        Directory.CreateDirectory(Root);
        var living = System.Diagnostics.Process.GetProcesses().Select(process => process.Id.ToString(CultureInfo.InvariantCulture)).ToHashSet();
        foreach (var stale in Directory.EnumerateDirectories(Root).Where(path => !living.Contains(Path.GetFileName(path).Split('-')[0])))
        {
            try
            {
                Directory.Delete(stale, recursive: true);
            }
            catch (IOException)
            {
                // another run removes it at this moment
            }
        }
    }
}
