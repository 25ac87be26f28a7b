using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace MassMessaging.Tests.Harness;

/// <summary>Reads answers the way specs like to assert on them.</summary>
public static class Answers
{
    public static async Task<JsonElement> Json(this HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    public static async Task<JsonElement> Get(this HttpClient client, string address)
    {
        using var answer = await client.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Json();
    }

    public static Task<HttpResponseMessage> PutText(this HttpClient client, string address, string body, string contentType = "application/json") =>
        client.PutAsync(address, new StringContent(body, Encoding.UTF8, contentType));

    /// <summary>Status and code of a problem, which must be problem details.</summary>
    public static async Task<(int Status, string Code)> Problem(this Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        return ((int)answer.StatusCode, (await answer.ProblemBody()).GetProperty("code").GetString()!);
    }

    public static async Task<JsonElement> ProblemBody(this HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Json();
    }

    /// <summary>The names of the wrong fields, in order.</summary>
    public static async Task<IReadOnlyList<string>> WrongFields(this Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return [.. (await answer.ProblemBody()).GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)];
    }
}
