using System.Text;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Http;

/// <summary>One route of the document, for specs that go over all of them.</summary>
internal sealed record Route(string Method, string Path, JsonElement Operation)
{
    /// <summary>Bodies that pass all checks but the one for whose thing it is. Others send the document's example.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["changeClient"] = """{"name":"Otra"}""",
        ["editCampaign"] = """{"name":"Otra"}""",
        ["cloneCampaign"] = "{}",
        ["updateTemplate"] = """{"name":"Otra"}""",
        ["scheduleCampaign"] = """{"scheduledAt":"2199-01-01T12:00:00Z"}""",
        ["testSendCampaign"] = """{"phone":"+5491155009999"}""",
        ["saveAsTemplate"] = "{}",
        ["changeProfile"] = """{"displayName":"Otra"}""",
        ["optOutClient"] = """{"reason":"no quiero"}""",
        ["optInClient"] = """{"source":"feria"}""",
        ["rebuildView"] = "{}",
        ["skipEvent"] = """{"seq":1,"note":"nada"}""",
        ["resolveMember"] = """{"outcome":"failed","note":"nadie"}""",
    };

    public string Id => Operation.GetProperty("operationId").GetString()!;

    public bool IsSignedIn => Operation.TryGetProperty("security", out _);

    public bool TakesJson =>
        Operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out _);

    /// <summary>Sign-in's, whose bodies are looked at by other code.</summary>
    public bool IsIdentity => Path.StartsWith("/api/auth/", StringComparison.Ordinal);

    public bool Streams => Operation.GetProperty("responses").TryGetProperty("200", out var ok)
        && ok.TryGetProperty("content", out var content) && content.TryGetProperty("text/event-stream", out _);

    public static async Task<IReadOnlyList<Route>> All(TestApp app) =>
        [.. (await ContractHandler.Contract(app.Address)).All().Select(route => new Route(route.Method, route.Path, route.Operation))];

    public IReadOnlyList<string> Parameters(string place) => Operation.TryGetProperty("parameters", out var all)
        ? [.. all.EnumerateArray().Where(one => one.GetProperty("in").GetString() == place).Select(one => one.GetProperty("name").GetString()!)]
        : [];

    public string Body() => Bodies.GetValueOrDefault(Id) ?? Operation.GetProperty("requestBody").GetProperty("content")
        .GetProperty("application/json").GetProperty("example").GetRawText();

    /// <summary>Answers as soon as the headers are there.</summary>
    public async Task<HttpResponseMessage> Ask(
        HttpClient client, string path, string? body = null, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(Method), path);
        if (body is not null || TakesJson) request.Content = new StringContent(body ?? Body(), Encoding.UTF8, contentType);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public override string ToString() => $"{Method} {Path}";
}
