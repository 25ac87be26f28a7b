using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MassMessaging.Tests.Notifications.Webhook;

public sealed record Received(IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>An advisor's own system on a port of this machine: keeps what it gets, and answers what the spec wants.</summary>
public sealed class LocalReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Received> all = new();

    private LocalReceiver(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers.ToDictionary(each => each.Key, each => each.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            all.Enqueue(new Received(headers, await reader.ReadToEndAsync()));
            await answer(context);
        });
    }

    public string Url => app.Urls.First() + "/hooks";

    public int Port => new Uri(Url).Port;

    public IReadOnlyList<Received> All => [.. all];

    public static async Task<LocalReceiver> Start(RequestDelegate? answer = null)
    {
        var receiver = new LocalReceiver(answer ?? (_ => Task.CompletedTask));
        await receiver.app.StartAsync();
        return receiver;
    }

    public static Task<LocalReceiver> Answering(params int[] statuses)
    {
        var count = -1;
        return Start(context =>
        {
            context.Response.StatusCode = statuses[Math.Min(Interlocked.Increment(ref count), statuses.Length - 1)];
            return Task.CompletedTask;
        });
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
