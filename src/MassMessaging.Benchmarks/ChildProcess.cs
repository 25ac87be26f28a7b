using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MassMessaging.Benchmarks;

/// <summary>A .NET program in a process of its own, on a free port of 127.0.0.1.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process process;

    private ChildProcess(Process process, Uri url) => (this.process, Url) = (process, url);

    public Uri Url { get; }

    public double RssMb
    {
        get
        {
            process.Refresh();
            return Math.Round(process.WorkingSet64 / 1048576.0);
        }
    }

    public static Uri FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <param name="ready">The path that answers 200 once it works.</param>
    public static async Task<ChildProcess> Start(
        Uri url, string ready, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var start = new ProcessStartInfo("dotnet", command) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["ASPNETCORE_URLS"] = url.OriginalString;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var child = new ChildProcess(Process.Start(start)!, url);
        child.process.OutputDataReceived += (_, _) => { }; // read away: a full pipe would stop it
        child.process.BeginOutputReadLine();
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(5) };
        var waited = Stopwatch.StartNew();
        while (!await Answers(http, ready))
        {
            if (child.process.HasExited || waited.Elapsed > TimeSpan.FromMinutes(2))
            {
                await child.DisposeAsync();
                throw new InvalidOperationException($"{command[0]} did not get ready.");
            }

            await Task.Delay(100);
        }

        return child;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<bool> Answers(HttpClient http, string path)
    {
        try
        {
            return (await http.GetAsync(new Uri(path, UriKind.Relative))).IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
