using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MassMessaging.Tests.Simulator;

public sealed record Hook(string Path, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Text).RootElement;

    public string Event => Json.GetProperty("event").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    public string? Status => Data.TryGetProperty("status", out var status) ? status.GetString() : null;
}

/// <summary>Where the gateway's events go: keeps every POST, and answers what the spec wants.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Hook> all = new();
    private readonly Channel<Hook> arrived = Channel.CreateUnbounded<Hook>();
    private Func<int, int> answer = _ => 200;
    private int count;

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(Receive);
    }

    public string Url => app.Urls.First();

    public IReadOnlyList<Hook> All => [.. all];

    public static async Task<WebhookReceiver> Start(Func<int, int>? answer = null)
    {
        var receiver = new WebhookReceiver();
        if (answer is not null) receiver.answer = answer;
        await receiver.app.StartAsync();
        return receiver;
    }

    public IReadOnlyList<Hook> Of(string @event) => [.. all.Where(hook => hook.Event == @event)];

    /// <summary>The next event of this name that has not been asked for, other events are skipped.</summary>
    public async Task<Hook> Next(string @event, CancellationToken ct = default)
    {
        while (true)
        {
            var hook = await arrived.Reader.ReadAsync(ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), ct);
            if (hook.Event == @event) return hook;
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Receive(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync();
        var headers = context.Request.Headers.ToDictionary(each => each.Key, each => each.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var hook = new Hook(context.Request.Path + context.Request.QueryString.Value, headers, text);
        all.Enqueue(hook);
        await arrived.Writer.WriteAsync(hook);
        context.Response.StatusCode = answer(Interlocked.Increment(ref count));
        // Less than any real status: the receiver never answers.
        if (context.Response.StatusCode == 0) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    }
}
