using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

/// <summary>
/// Runs inside the service under test, before its own code (<c>DOTNET_STARTUP_HOOKS</c>): tells whoever connects what the process has used
/// so far.
/// </summary>
#pragma warning disable MA0047 // the runtime looks for this name, in no namespace
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize()
    {
        // The service's own children are not measured.
        var port = Environment.GetEnvironmentVariable("BENCHMARK_METER_PORT");
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        if (port is null) return;

        var listener = new TcpListener(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
        listener.Start();
        new Thread(() => Answer(listener)) { IsBackground = true, Name = "benchmark meter" }.Start();
    }

    private static void Answer(TcpListener listener)
    {
        while (true)
        {
            using var asker = listener.AcceptTcpClient();
            using var process = Process.GetCurrentProcess();
            asker.GetStream().Write(Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{GC.GetTotalAllocatedBytes()} {process.TotalProcessorTime.TotalMilliseconds} {process.WorkingSet64}")));
        }
    }
}
