using System.Text.Json;

namespace MassMessaging.Http;

/// <summary>
/// An answer of server-sent events. It ends when its writer does, when the reader goes away, or when the service stops: readers come back
/// with the id that they saw last.
/// </summary>
public sealed class EventStream(Func<EventStream.Reader, CancellationToken, Task> write, CancellationToken stopping) : IResult
{
    /// <summary>Proxies cut connections that are silent for longer than 30 s or so.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static string LastSeen(HttpContext context) => context.Request.Headers["Last-Event-ID"].ToString();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await write(new Reader(httpContext.Response, ended.Token), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // As above: nothing is wrong.
        }
    }

    public sealed class Reader(HttpResponse response, CancellationToken ct)
    {
        /// <summary>Written to the connection at once, as is everything here.</summary>
        public Task Comment(string text) => Write($": {text}\n\n");

        public Task Event<T>(string name, string id, T data) =>
            Write($"event: {name}\nid: {id}\ndata: {JsonSerializer.Serialize(data, JsonConventions.Options)}\n\n");

        private async Task Write(string text)
        {
            await response.WriteAsync(text, ct);
            await response.Body.FlushAsync(ct);
        }
    }
}
