using System.Diagnostics;
using System.Globalization;

namespace MassMessaging.Tests.Harness;

/// <summary>
/// A small shell that waits on a pipe from the test process. However that process ends, kill -9 included, the pipe closes, and
/// the shell ends what was to be watched: nothing that a run started outlives it.
/// </summary>
public sealed class DeathWatch : IDisposable
{
    private const string KillServerAndFolder =
        """
        trap '' INT TERM HUP; exec >/dev/null 2>&1; cat
        server=$(head -n 1 "$1/data/postmaster.pid") && kill -QUIT "$server" && while kill -0 "$server"; do sleep 0.1; done
        rm -rf "$1"
        """;

    private const string KillProcess = "trap '' INT TERM HUP; exec >/dev/null 2>&1; read -r calledOff || kill -KILL \"$1\"";

    private readonly Process? shell;

    private DeathWatch(string script, string argument)
    {
        if (OperatingSystem.IsWindows()) return;

        shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script, "death-watch", argument])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        });
    }

    public static DeathWatch OverServer(string folder) => new(KillServerAndFolder, folder);

    public static DeathWatch OverProcess(int processId) => new(KillProcess, processId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Calls the watch off; a server that has stopped by then is not looked for again.</summary>
    public void Dispose()
    {
        if (shell is null) return;

        shell.StandardInput.WriteLine();
        shell.StandardInput.Close();
        shell.WaitForExit();
        shell.Dispose();
    }
}
