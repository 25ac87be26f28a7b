using System.Diagnostics;
using System.Globalization;

namespace MassMessaging.Tests.Harness;

/// <summary>
/// A small shell that waits on a pipe from the test process. However that process ends, kill -9 included, the pipe closes and the
/// shell ends what it watches: nothing that a run started outlives it. Disposing of it removes the folder of a server, and leaves
/// a process alone: its id may be another's by then.
/// </summary>
public sealed class DeathWatch : IDisposable
{
    private const string EndServerRemoveFolder =
        """
        trap '' INT TERM HUP; exec >/dev/null 2>&1; cat
        server=$(head -n 1 "$1/postgres/data/postmaster.pid") && kill -QUIT "$server" && while kill -0 "$server"; do sleep 0.05; done
        rm -rf "$1"
        """;

    private const string EndProcess = "trap '' INT TERM HUP; exec >/dev/null 2>&1; read -r calledOff || kill -KILL \"$1\"";

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

    public static DeathWatch OverServer(string dataFolder) => new(EndServerRemoveFolder, dataFolder);

    public static DeathWatch OverProcess(int processId) => new(EndProcess, processId.ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        if (shell is null) return;

        shell.StandardInput.WriteLine();
        shell.StandardInput.Close();
        shell.WaitForExit();
        shell.Dispose();
    }
}
