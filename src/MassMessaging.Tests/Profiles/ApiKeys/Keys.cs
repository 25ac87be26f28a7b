using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Profiles.ApiKeys;

internal static class Keys
{
    public const string Address = "/api/api-keys";

    public static async Task<JsonElement> HasKey(this HttpClient owner, string[] scopes, DateTimeOffset? expiresAt = null)
    {
        using var made = await owner.PostAsJsonAsync(Address, new { name = "Zapier", scopes, expiresAt });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return await made.Json();
    }

    public static HttpClient With(this TestApp app, JsonElement key) => app.With(key.GetProperty("key").GetString()!);

    public static HttpClient With(this TestApp app, string token)
    {
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A second node on the same database.</summary>
    public static Task<TestApp> Beside(this TestApp app, TestCluster cluster) => TestApp.Start(cluster, new TestAppOptions
    {
        Settings = new Dictionary<string, string> { ["ConnectionStrings:Postgres"] = app.Database.ConnectionString },
    });
}
