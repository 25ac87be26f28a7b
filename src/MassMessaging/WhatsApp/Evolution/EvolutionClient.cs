using System.Diagnostics;
using System.Text.Json;
using MassMessaging.Http;

namespace MassMessaging.WhatsApp.Evolution;

/// <summary>Calls the gateway. One for the process: it owns the connections.</summary>
/// <param name="options">Where, with what key, and how long to wait.</param>
/// <param name="clock">Of the network, not of the database: what a call waits for goes by this machine's time.</param>
internal sealed class EvolutionClient(EvolutionOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>An answer echoes one message; what is longer is cut, and then is no JSON. Below the large object heap.</summary>
    public const int MaxAnswerBytes = 80 * 1024;

    // Node closes idle connections after 5 s: one that is about to be closed must not be chosen for a send.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(3);

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(), // our traces are nobody else's
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = IdleTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public EvolutionOptions Options => options;

    public void Dispose() => http.Dispose();

    /// <exception cref="HttpRequestException">No answer, or only a part of one.</exception>
    /// <exception cref="OperationCanceledException">
    /// Given up by the caller, or too slow: then <paramref name="ct"/> is not cancelled.
    /// </exception>
    public async Task<GatewayAnswer> Call(
        HttpMethod method, string path, HttpContent? content, TimeSpan timeout, CancellationToken ct, int mostBytes = MaxAnswerBytes)
    {
        using var tooLong = new CancellationTokenSource(timeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, tooLong.Token);
        using var request = new HttpRequestMessage(method, new Uri(options.Url!, path)) { Content = content };
        request.Headers.TryAddWithoutValidation("apikey", options.ApiKey);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        return await GatewayAnswer.Read(response, mostBytes, limit.Token);
    }

    public static byte[] Json<T>(T body) => JsonSerializer.SerializeToUtf8Bytes(body, JsonConventions.Options);
}
