using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MassMessaging.Simulator;

namespace MassMessaging.Tests.Simulator;

public sealed record Answer(int Status, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;
}

/// <summary>A simulator on a port of its own, whose receipts come at once, and a client that holds the global key.</summary>
public sealed class SimulatedGateway : IAsyncDisposable
{
    public const string Instance = "advisor-0042";
    public const string Number = "5491133334444";

    public static readonly ReceiptOptions AtOnce = new()
    {
        ServerAck = 1, Delivered = 1, Read = 1,
        ServerAckAfter = DelayRange.None, DeliveredAfter = DelayRange.None, ReadAfter = DelayRange.None,
    };

    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false });

    private SimulatedGateway(SimulatorHost host)
    {
        Host = host;
        client.BaseAddress = new Uri(host.Url);
    }

    public SimulatorHost Host { get; }

    public static async Task<SimulatedGateway> Start(Func<SimulatorOptions, SimulatorOptions>? with = null)
    {
        var retries = new RetryOptions { Scale = 0.0001 };
        var options = new SimulatorOptions { Receipts = AtOnce, OpenDelay = TimeSpan.Zero, QrDelay = TimeSpan.Zero, Retries = retries };
        return new SimulatedGateway(await SimulatorHost.Start(with?.Invoke(options) ?? options, CancellationToken.None));
    }

    /// <summary>With an instance that is linked and open.</summary>
    public static async Task<SimulatedGateway> Open(string? webhookUrl = null, Func<SimulatorOptions, SimulatorOptions>? with = null)
    {
        var gateway = await Start(with);
        gateway.Host.AddOpenInstance(Instance, webhookUrl);
        return gateway;
    }

    public Task<Answer> Get(string path, string? key = null) => Call(HttpMethod.Get, path, null, key);

    public Task<Answer> Post(string path, string json, string? key = null) => Call(HttpMethod.Post, path, json, key);

    public Task<Answer> Put(string path, string json) => Call(HttpMethod.Put, path, json);

    public Task<Answer> Delete(string path, string? key = null) => Call(HttpMethod.Delete, path, null, key);

    public Task<Answer> SendText(string number = Number, string text = "Hola Ana", string instance = Instance, CancellationToken ct = default) =>
        Call(HttpMethod.Post, $"/message/sendText/{instance}", $$"""{"number":"{{number}}","text":"{{text}}","linkPreview":false}""", ct: ct);

    public Task<Answer> Create(string name, string integration = "WHATSAPP-BAILEYS", string more = "") =>
        Post("/instance/create", $$"""{"instanceName":"{{name}}","integration":"{{integration}}"{{more}}}""");

    /// <param name="key">null: the global key; empty: none.</param>
    public async Task<Answer> Call(
        HttpMethod method, string path, string? json, string? key = null, string contentType = "application/json", CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, contentType);
        if (key != "") request.Headers.Add("apikey", key ?? Host.ApiKey);
        using var response = await client.SendAsync(request, ct);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(ct), response.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Host.DisposeAsync();
    }
}
