using System.Diagnostics;
using System.Globalization;

namespace MassMessaging.Tests.Harness;

/// <summary>
/// A folder for a server, below the temporary one. What runs in it and the folder itself go when the test process ends, however it ends.
/// </summary>
public sealed class ServerScratch : IDisposable
{
    private static readonly string Root = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"massmessaging-tests-{Environment.UserName}");

    private readonly DeathWatch watch;

    public ServerScratch()
    {
        RemoveStale();
        DataFolder = NewPath();
        watch = DeathWatch.OverServer(DataFolder);
    }

    /// <summary>As a service takes it in DATA_FOLDER.</summary>
    public string DataFolder { get; }

    /// <summary>The server's part of it.</summary>
    public string Path => System.IO.Path.Combine(DataFolder, "postgres");

    /// <summary>For a folder that the next run removes if this one cannot.</summary>
    public static string NewPath() => System.IO.Path.Combine(Root, $"{Environment.ProcessId}-{Guid.NewGuid():n}");

    public void Dispose() => watch.Dispose();

    /// <summary>
    /// Where the watch could not do its work (a machine that went down), the next run does it. Folders are named by process id.
    /// </summary>
    private static void RemoveStale()
    {
        Directory.CreateDirectory(Root);
        var living = Process.GetProcesses().Select(process => process.Id.ToString(CultureInfo.InvariantCulture)).ToHashSet();
        foreach (var stale in Directory.EnumerateDirectories(Root).Where(path => !living.Contains(System.IO.Path.GetFileName(path).Split('-')[0])))
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
