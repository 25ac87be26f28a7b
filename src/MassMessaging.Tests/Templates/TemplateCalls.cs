using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace MassMessaging.Tests.Templates;

/// <summary>How specs speak to the templates' routes.</summary>
internal static class TemplateCalls
{
    public const string Route = "/api/campaign-templates";

    public static Uri Uri(string path) => new(path, UriKind.RelativeOrAbsolute);

    public static Task<JsonElement> Json(HttpResponseMessage answer) =>
        answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();

    public static string? Text(JsonElement json, string field) => json.GetProperty(field).GetString();

    public static IEnumerable<string> Fields(JsonElement problem) =>
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal);

    public static async Task<JsonElement> Refused(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task<JsonElement> Get(this HttpClient client, string path) => await client.GetFromJsonAsync<JsonElement>(path);

    public static async Task<string?> Create(this HttpClient client, string name, string content, string? objective = null) =>
        Text(await Json(await client.PostAsJsonAsync(Route, new { name, content, objective })), "id");
}
