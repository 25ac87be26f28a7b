using System.Net;
using MassMessaging.Simulator.Cloud;
using MassMessaging.Simulator.Control;
using MassMessaging.Simulator.Evolution;
using MassMessaging.Simulator.OpenAi;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassMessaging.Simulator;

/// <summary>A simulated gateway on a real port of 127.0.0.1, beside the service, in a spec, or by itself.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private int disposed;
    private readonly CancellationTokenSource stopping = new();
    private readonly Outstanding outstanding = new();
    private readonly Gateway gateway;
    private readonly Router router;
    private readonly GraphRouter graph;
    private readonly ControlRoutes control;
    private readonly ChatCompletions chat;

    private SimulatorHost(SimulatorOptions options)
    {
        Ledger = new Ledger(options.Clock);
        Faults = new Faults(options.MagicNumbers);
        var webhooks = new Webhooks(options.Retries, options.Clock, outstanding, stopping.Token);
        gateway = new Gateway(options, new Agenda(options.Clock, outstanding), webhooks, Ledger, Faults, stopping.Token);
        router = new Router(gateway);
        Cloud = new CloudPlatform(gateway, outstanding);
        graph = new GraphRouter(Cloud);
        OpenAi = new OpenAiModel(options.Clock, options.OpenAiKeys);
        chat = new ChatCompletions(OpenAi, options.Clock, stopping.Token);
        control = new ControlRoutes(gateway, Cloud, OpenAi, outstanding);
        app = Build(options);
        app.Run(Handle);
    }

    public string Url { get; private set; } = "";

    public string ApiKey => gateway.Options.ApiKey;

    public Ledger Ledger { get; }

    public Faults Faults { get; }

    /// <summary>Meta's Cloud API, on the same port: <c>/v23.0/…</c>.</summary>
    public CloudPlatform Cloud { get; }

    /// <summary>A model behind OpenAI's API, on the same port.</summary>
    public OpenAiModel OpenAi { get; }

    /// <summary>What `OPENAI_BASE_URL` is set to.</summary>
    public string OpenAiUrl => $"{Url}/openai/v1";

    public static async Task<SimulatorHost> Start(SimulatorOptions options, CancellationToken ct)
    {
        var host = new SimulatorHost(options);
        await host.app.StartAsync(ct);
        var addresses = host.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        host.Url = addresses.Addresses.First();
        host.gateway.Webhooks.ServerUrl = host.Url;
        host.gateway.Recall();
        return host;
    }

    /// <summary>An instance as if it had been linked long ago, told of every event; an existing one of that name stays as it is.</summary>
    public void AddOpenInstance(string name, string? webhookUrl = null, IReadOnlyDictionary<string, string>? webhookHeaders = null)
    {
        var now = gateway.Now;
        var instance = new Instance(name, Integration.Baileys, Guid.NewGuid().ToString().ToUpperInvariant(), null, now);
        if (webhookUrl is not null) instance.Webhook = WebhookSettings.For(webhookUrl, webhookHeaders, now);
        if (gateway.Instances.TryAdd(name, instance)) Linking.Open(gateway, instance, instance.Attempt);
    }

    /// <summary>Completes when every planned receipt has come and every webhook is delivered or given up.</summary>
    public Task Settled(CancellationToken ct) => outstanding.Idle(ct);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;

        // First: held and hanging calls end, so that the server has nobody to wait for.
        await stopping.CancelAsync();
        gateway.Agenda.Dispose();
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        gateway.Webhooks.Dispose();
        Cloud.Dispose();
        stopping.Dispose();
    }

    private static WebApplication Build(SimulatorOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // The service's own Ctrl-C must not stop the gateway first: calls in flight still want their answers.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 136L * 1024 * 1024;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        return builder.Build();
    }

    private async Task Handle(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Reply? reply;
        try
        {
            if (ChatCompletions.IsOurs(path))
            {
                if (!await chat.Answer(context, path)) context.Abort();
                return;
            }

            reply = path is ["simulator", ..] ? await control.Answer(context, path)
                : GraphRouter.IsOurs(path) ? await graph.Answer(context, path)
                : await router.Answer(context, path);
        }
        catch (OperationCanceledException)
        {
            reply = null;
        }
        catch (Exception unexpected) when (unexpected is not IOException)
        {
            reply = Reply.Crash(unexpected.Message);
        }

        if (reply is null) context.Abort();
        else await Write(context, reply);
    }

    private static async Task Write(HttpContext context, Reply reply)
    {
        var gone = context.RequestAborted;
        // Set before the bytes leave: whoever has read the answer finds it marked.
        if (reply.Entry is { } entry) entry.Answered = !gone.IsCancellationRequested;
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        context.Response.ContentLength = reply.Body.Length;
        if (reply.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds;
        await context.Response.BodyWriter.WriteAsync(reply.Body, CancellationToken.None);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
