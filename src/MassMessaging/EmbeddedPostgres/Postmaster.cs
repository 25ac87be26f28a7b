using System.Diagnostics;

namespace MassMessaging.EmbeddedPostgres;

public enum PostmasterState
{
    /// <summary>Crashed or killed. Its file must stay: by it the next server sees whether workers of this one still live.</summary>
    Gone,

    /// <summary>The process id has been given to some other program since: PostgreSQL would refuse to start because of it.</summary>
    Another,

    Runs,
}

/// <summary>
/// What postmaster.pid says of the server of a data folder. The file outlives a crash, and its process id may be another's by then.
/// </summary>
public sealed record Postmaster(int ProcessId, int? Port)
{
    /// <summary>Null if there is no such file, or none that names a process.</summary>
    public static Postmaster? Of(ServerFolder folder)
    {
        try
        {
            var lines = File.ReadAllLines(FileOf(folder));
            if (lines.Length == 0 || !int.TryParse(lines[0], out var processId)) return null;

            return new Postmaster(processId, lines.Length > 3 && int.TryParse(lines[3], out var port) ? port : null);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static string FileOf(ServerFolder folder) => Path.Combine(folder.Data, "postmaster.pid");

    /// <summary>Whether that process is a PostgreSQL server, and, where Linux tells, the one of this folder.</summary>
    public PostmasterState State(ServerFolder folder)
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            if (process.HasExited) return PostmasterState.Gone;
            if (!process.ProcessName.StartsWith("postgres", StringComparison.Ordinal)) return PostmasterState.Another;

            var workingFolder = Directory.ResolveLinkTarget($"/proc/{ProcessId}/cwd", returnFinalTarget: false)?.FullName;
            return workingFolder is null || workingFolder == Real(folder.Data) ? PostmasterState.Runs : PostmasterState.Another;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return PostmasterState.Gone;
        }
        catch (IOException)
        {
            return PostmasterState.Runs;
        }
    }

    /// <summary>pg_ctl looks at the file only, which goes shortly before the process does.</summary>
    public async Task<bool> Ends(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            await process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string Real(string folder)
    {
        var real = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        var parent = Path.GetDirectoryName(real);
        return parent is null ? real : Path.Combine(Real(parent), Path.GetFileName(real));
    }
}
