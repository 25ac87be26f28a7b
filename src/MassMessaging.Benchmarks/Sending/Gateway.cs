using System.Globalization;

namespace MassMessaging.Benchmarks.Sending;

/// <param name="Count">Sends since the gateway's start.</param>
/// <param name="First">When the first since the last look came, as a monotonic time stamp of the machine; 0: none has.</param>
/// <param name="Last">When the last one came.</param>
public readonly record struct Sent(long Count, long First, long Last);

/// <summary>The gateway's process, seen from the benchmark.</summary>
public sealed class Gateway : IAsyncDisposable
{
    private readonly ChildProcess process;
    private readonly HttpClient http;

    private Gateway(ChildProcess process) => (this.process, http) = (process, new HttpClient { BaseAddress = process.Url });

    public Uri Url => process.Url;

    public static async Task<Gateway> Start(string folder)
    {
        var url = ChildProcess.FreeUrl();
        return new(await ChildProcess.Start(
            url, "/sent", [typeof(Gateway).Assembly.Location, "gateway", url.OriginalString], new Dictionary<string, string>(), folder));
    }

    /// <summary>Forgets the first one.</summary>
    public async Task<Sent> Sent()
    {
        var figures = (await http.GetStringAsync(new Uri("/sent", UriKind.Relative))).Split(' ');
        return new(Whole(figures[0]), Whole(figures[1]), Whole(figures[2]));
    }

    /// <summary>What the service asked to be called with: JSON, as it said it.</summary>
    public Task<string> Webhook() => http.GetStringAsync(new Uri("/webhook", UriKind.Relative));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
    }

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
