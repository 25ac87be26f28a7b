using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using MassMessaging.Http;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>Calls Meta. One for the process: it owns the connections.</summary>
/// <param name="clock">Of the network, not of the database: what a call waits for goes by this machine's time.</param>
internal sealed class CloudClient(CloudOptions options, TimeProvider clock) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(), // our traces are nobody else's
        UseCookies = false,
        UseProxy = !options.Url.IsLoopback,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public CloudOptions Options => options;

    public void Dispose() => http.Dispose();

    /// <param name="path">Behind the version, made of ids that are digits.</param>
    /// <param name="mostBytes">Of the answer.</param>
    /// <exception cref="HttpRequestException">No answer, or only a part of one.</exception>
    /// <exception cref="OperationCanceledException">
    /// Given up by the caller, or too slow: then <paramref name="ct"/> is not cancelled.
    /// </exception>
    public async Task<GatewayAnswer> Call(
        HttpMethod method, string path, string accessToken, HttpContent? content, TimeSpan timeout, int mostBytes, CancellationToken ct)
    {
        using var tooLong = new CancellationTokenSource(timeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, tooLong.Token);
        using var request = new HttpRequestMessage(method, new Uri(options.Url, path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        return await GatewayAnswer.Read(response, mostBytes, limit.Token);
    }

    public static byte[] Json<T>(T body) => JsonSerializer.SerializeToUtf8Bytes(body, JsonConventions.Options);
}
