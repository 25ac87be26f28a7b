using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns;

/// <summary>An answer, read to its end.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Message)
{
    public string? ETag => Message.Headers.ETag?.Tag;

    public JsonElement this[string field] => Body.GetProperty(field);

    public Guid Id => this["id"].GetGuid();

    public string Code => this["code"].GetString()!;

    public IReadOnlyList<string> WrongFields => [.. this["errors"].EnumerateObject().Select(wrong => wrong.Name).Order()];

    public void Is(HttpStatusCode status, string? code = null)
    {
        Assert.True(Status == status, $"{Status}: {Body}");
        if (code is not null) Assert.Equal(code, Code);
    }
}

/// <summary>A signed-in advisor with the acts that campaign specs need.</summary>
public sealed class Advisor(HttpClient http)
{
    private int clients;

    public HttpClient Http => http;

    public static async Task<Advisor> Of(TestApp app) => new(await app.Client());

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    public Task<Answer> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body ?? new { });

    public Task<Answer> Put(string path, object body, string? ifMatch = null) => Send(HttpMethod.Put, path, body, ifMatch);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path);

    public async Task<Guid> HasClient(string name, string label = "consumidor")
    {
        var created = await Post("/api/clients", new { name, phone = $"+54911{55_000_000 + clients++:D8}", label });
        created.Is(HttpStatusCode.Created);
        return created.Id;
    }

    public async Task<Guid> HasDraft(object? audience = null, string name = "Marzo", string messageContent = "Hola {nombre_cliente}")
    {
        var created = await Post("/api/campaigns", new { name, objective = "ventas", messageContent, audience });
        created.Is(HttpStatusCode.Created);
        return created.Id;
    }

    private async Task<Answer> Send(HttpMethod method, string path, object? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new(response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text), response);
    }
}
