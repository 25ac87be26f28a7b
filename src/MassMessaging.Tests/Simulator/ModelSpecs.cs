using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MassMessaging.Simulator;
using MassMessaging.Simulator.OpenAi;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Simulator;

/// <summary>A simulated model on a port of its own, asked over real HTTP.</summary>
public abstract class ModelSpecs : IAsyncLifetime
{
    private const string Schema =
        """
        {"type":"object","additionalProperties":false,"required":["variations"],"properties":{"variations":{"type":"array",
        "minItems":3,"maxItems":3,"items":{"type":"object","additionalProperties":false,"required":["text"],"properties":{"text":{"type":"string"}}}}}}
        """;

    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false });
    private SimulatorHost simulator = null!;

    protected HttpClient Client => client;

    protected string Url => simulator.Url;

    protected OpenAiModel Model => simulator.OpenAi;

    public async ValueTask InitializeAsync()
    {
        simulator = await SimulatorHost.Start(new SimulatorOptions(), CancellationToken.None);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Model.Key);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        client.Dispose();
        await simulator.DisposeAsync();
    }

    protected static Task Until(Func<bool> condition, string what) =>
        Eventually.True(() => Task.FromResult(condition()), TimeSpan.FromSeconds(60), what);

    protected static string Body(string prompt = "Escribe mensajes con {nombre_cliente}.", string more = "") =>
        $$$"""
        {"model":"gpt-test","messages":[{"role":"user","content":{{{JsonSerializer.Serialize(prompt)}}}}],
        "response_format":{"type":"json_schema","json_schema":{"name":"drafts","strict":true,"schema":{{{Schema}}} }}{{{more}}} }
        """;

    protected async Task<HttpResponseMessage> Ask(string body, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{simulator.OpenAiUrl}/chat/completions");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    protected static async Task<JsonElement> Json(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

    protected static string Content(JsonElement json) =>
        json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    protected static string Delta(JsonElement chunk) =>
        chunk.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var piece) ? piece.GetString()! : "";
}
