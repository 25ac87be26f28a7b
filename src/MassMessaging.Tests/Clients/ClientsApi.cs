using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace MassMessaging.Tests.Clients;

/// <summary>The clients' routes as one advisor calls them.</summary>
internal sealed class ClientsApi(HttpClient http)
{
    public static async Task<(HttpStatusCode Status, JsonElement Body)> Answer(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> Get(string path = "") => await Answer(await GetResponse(path));

    public Task<HttpResponseMessage> GetResponse(string path = "") => http.GetAsync(At(path));

    public async Task<(HttpStatusCode Status, JsonElement Body)> Post(object body, string path = "") =>
        await Answer(await http.PostAsJsonAsync(At(path), body));

    public async Task<(HttpStatusCode Status, JsonElement Body)> Put(string path, object body) =>
        await Answer(await http.PutAsJsonAsync(At(path), body));

    public async Task<(HttpStatusCode Status, JsonElement Body)> Delete(string path) => await Answer(await http.DeleteAsync(At(path)));

    public async Task<(HttpStatusCode Status, JsonElement Body)> Import(string csv, string query = "", string type = "text/csv")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return await Answer(await http.PostAsync(At("/import" + query), content));
    }

    /// <summary>The id of a new client.</summary>
    public async Task<string> Create(string name, string phone, string? email = null, string? label = null) =>
        (await Post(new { name, phone, email, label })).Body.GetProperty("id").GetString()!;

    public async Task<string[]> Names(string query = "") =>
        [.. (await Get(query)).Body.EnumerateArray().Select(client => client.GetProperty("name").GetString()!)];

    private static Uri At(string path) => new("/api/clients" + path, UriKind.Relative);
}
