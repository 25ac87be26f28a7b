using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace MassMessaging.Benchmarks;

/// <summary>A person who uses the service over HTTP.</summary>
public static class Advisor
{
    /// <summary>Registers, where that was not done before, and signs in.</summary>
    public static async Task<HttpClient> SignIn(Uri service)
    {
        var http = new HttpClient { BaseAddress = service };
        var account = new { email = "benchmark@example.com", password = "Correct-horse-7" };
        await http.PostAsJsonAsync("/api/auth/register", account);
        var token = await (await http.PostAsJsonAsync("/api/auth/login", account)).Content.ReadFromJsonAsync<JsonElement>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("accessToken").GetString());
        return http;
    }

    public static async Task<Guid> Profile(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>("/api/profile")).GetProperty("id").GetGuid();

    /// <summary>Posts, and answers the id of what was made.</summary>
    public static async Task<Guid> Create(this HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }
}
