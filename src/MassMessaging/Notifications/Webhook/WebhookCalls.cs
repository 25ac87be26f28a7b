using System.Collections.Concurrent;
using System.Net.Sockets;

namespace MassMessaging.Notifications.Webhook;

/// <summary>
/// Posts to the receivers of profiles, which nobody here vouches for. One for the process: it owns the connections. No redirect is
/// followed, no proxy asked, no cookie kept, and of an answer only the status is looked at.
/// </summary>
public sealed class WebhookCalls : IDisposable
{
    /// <summary>What an answer may hold so that its connection is used again; a longer one is cut off.</summary>
    private const int MaxAnswerBytes = 4 * 1024;

    private const int MaxHeaderKilobytes = 8;
    private const int MaxConnectionsPerHost = 4;

    /// <summary>A receiver that lets us wait would else hold one worker after the other.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, long> slow = new();
    private readonly WebhookOptions options;
    private readonly WebhookTargets targets;
    private readonly HttpClient http;

    public WebhookCalls(WebhookOptions options, WebhookTargets targets)
    {
        (this.options, this.targets) = (options, targets);
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = Connect,
            MaxConnectionsPerServer = MaxConnectionsPerHost,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            MaxResponseDrainSize = MaxAnswerBytes,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => http.Dispose();

    /// <summary>
    /// Null when it was taken (any 2xx), else why not: <c>timeout</c>, <c>resting</c> (it was just too slow), <c>url-refused</c>,
    /// <c>unreachable</c>, <c>status-</c> and the number.
    /// </summary>
    public async Task<string?> Post(Guid profile, string url, Func<HttpRequestMessage> request, CancellationToken ct)
    {
        if (targets.Parse(url) is not { } address) return "url-refused";
        if (slow.TryGetValue(profile, out var since) && TimeProvider.System.GetElapsedTime(since) < Rest) return "resting";

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Timeout);
        try
        {
            using var message = request();
            message.RequestUri = address;
            using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            slow.TryRemove(profile, out _);
            return answer.IsSuccessStatusCode ? null : $"status-{(int)answer.StatusCode}";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            slow[profile] = TimeProvider.System.GetTimestamp();
            return "timeout";
        }
        catch (HttpRequestException failed)
        {
            return failed.InnerException is TargetRefusedException ? "url-refused" : "unreachable";
        }
    }

    /// <summary>Looks the host up itself, so that what is checked is what is connected to.</summary>
    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await targets.Addresses(context.DnsEndPoint.Host, ct);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
