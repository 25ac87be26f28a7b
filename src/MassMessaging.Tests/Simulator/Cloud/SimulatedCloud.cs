using System.Net.Http.Headers;
using System.Text;
using MassMessaging.Simulator;
using MassMessaging.Simulator.Cloud;

namespace MassMessaging.Tests.Simulator.Cloud;

/// <summary>Meta's Cloud API as the simulator speaks it, with the demo number, whose receipts come at once.</summary>
public sealed class SimulatedCloud : IAsyncDisposable
{
    public const string Number = CloudPlatform.DemoPhoneNumberId;
    public const string Waba = CloudPlatform.DemoWabaId;
    public const string Person = "5491133334444";

    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false });

    private SimulatedCloud(SimulatorHost host)
    {
        Host = host;
        client.BaseAddress = new Uri(host.Url);
    }

    public SimulatorHost Host { get; }

    public static async Task<SimulatedCloud> Start(Func<SimulatorOptions, SimulatorOptions>? with = null)
    {
        var options = new SimulatorOptions { Receipts = SimulatedGateway.AtOnce, Retries = new RetryOptions { Scale = 0.0001 } };
        return new SimulatedCloud(await SimulatorHost.Start(with?.Invoke(options) ?? options, CancellationToken.None));
    }

    /// <summary>Lets the person write first, so that texts may be sent.</summary>
    public string PersonWrites(string text = "Hola", string from = Person) => Host.Cloud.Receive(new CloudIncoming(Number, from, text));

    public Task<Answer> SendText(string text = "Hola Ana", string to = Person, string more = "") =>
        Send($$"""{"messaging_product":"whatsapp","to":"{{to}}","type":"text","text":{"body":"{{text}}"}{{more}}}""");

    public Task<Answer> SendTemplate(string name, string language, params string[] parameters)
    {
        var given = string.Join(',', parameters.Select(text => $$"""{"type":"text","text":"{{text}}"}"""));
        return Send(
            $$$"""
            {"messaging_product":"whatsapp","to":"{{{Person}}}","type":"template","template":{"name":"{{{name}}}","language":{"code":"{{{language}}}"},
             "components":[{"type":"body","parameters":[{{{given}}}]}]}}
            """);
    }

    public Task<Answer> Send(string json) => Call(HttpMethod.Post, $"/v23.0/{Number}/messages", json);

    public async Task<Answer> Call(HttpMethod method, string path, string? json = null, string? token = CloudPlatform.DemoAccessToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public static (int Status, int Code) Error(Answer answer) => (answer.Status, answer.Json.GetProperty("error").GetProperty("code").GetInt32());

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Host.DisposeAsync();
    }
}
