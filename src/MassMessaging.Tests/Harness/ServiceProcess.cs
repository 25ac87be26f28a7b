using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MassMessaging.EmbeddedPostgres;

namespace MassMessaging.Tests.Harness;

/// <summary>
/// The built service as an operating-system process of its own, which a spec may kill, stop and continue. It dies with the test process.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly DeathWatch watch;
    private readonly string folder;
    private readonly ConcurrentQueue<string> lines = new();

    private ServiceProcess(Process process, Uri url, string folder)
    {
        (this.process, Url, this.folder) = (process, url, folder);
        watch = DeathWatch.OverProcess(process.Id);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Url { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Both streams, as far as they have come.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>A port that was free a moment ago: a service that is to come back where it was needs to know it beforehand.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="environment">Configuration by its environment names, such as ConnectionStrings__Postgres.</param>
    /// <param name="port">Null for any.</param>
    public static async Task<ServiceProcess> Start(IReadOnlyDictionary<string, string> environment, int? port = null)
    {
        var service = Launch(environment, port ?? FreePort());
        try
        {
            await service.Ready();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does not wait until it is ready. Its working folder is a new one, and goes with it.</summary>
    /// <param name="environment">Configuration by its environment names.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="words">A command, which ends by itself.</param>
    public static ServiceProcess Launch(IReadOnlyDictionary<string, string> environment, int port, params string[] words)
    {
        var workingFolder = Directory.CreateDirectory(ServerScratch.NewPath()).FullName;
        var url = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        // A run in the background of a script ignores Ctrl-C, and so would everything that it starts.
        string[] command = IgnoresInterrupts() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], typeof(Feature).Assembly.Location, .. words])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder,
        };
        start.Environment["ASPNETCORE_URLS"] = url.OriginalString;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ServiceProcess(Process.Start(start)!, url, workingFolder);
    }

    /// <summary>Fails with what the service has printed.</summary>
    public async Task Ready()
    {
        using var client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            await Eventually.True(async () => process.HasExited || await IsReady(client), ReadyWithin, "the service is ready");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{Output}", late);
        }

        if (process.HasExited) throw new InvalidOperationException($"The service ended with exit code {process.ExitCode}.\n{Output}");
    }

    /// <summary>As kill -9: nothing is finished.</summary>
    public Task Kill9()
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it keeps its connections and its locks, and does nothing.</summary>
    public Task Stop() => Signal("STOP");

    public Task Continue() => Signal("CONT");

    /// <summary>SIGTERM, without waiting for anything.</summary>
    public Task AskToEnd() => Signal("TERM");

    /// <summary>SIGTERM, and the exit code once it has drained and ended.</summary>
    public async Task<int> Terminate()
    {
        await Signal("TERM");
        return await Ended();
    }

    /// <summary>SIGINT, as Ctrl-C sends it, and the exit code once it has ended.</summary>
    public async Task<int> Interrupt()
    {
        await Signal("INT");
        return await Ended();
    }

    /// <summary>The exit code, once it has ended.</summary>
    public async Task<int> Ended()
    {
        using var patience = new CancellationTokenSource(EndsWithin);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await Kill9();
        watch.Dispose();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<bool> IsReady(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return answer.IsSuccessStatusCode;
    }

    private async Task Signal(string signal)
    {
        var sent = await Command.Run(["/bin/sh", "-c", $"kill -{signal} {process.Id.ToString(CultureInfo.InvariantCulture)}"], CancellationToken.None);
        if (!sent.Succeeded) throw new InvalidOperationException($"SIG{signal} was not sent: {sent.Output}");
    }

    private static bool IgnoresInterrupts() => OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (ulong.Parse(mask.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0b10) != 0;

    private void Keep(string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }
}
