using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Assistant;

/// <summary>What advisors ask the assistant for.</summary>
internal static class Asks
{
    public const string Generate = "/api/ai/messages/generate";
    public const string Improve = "/api/ai/messages/improve";
    public const string Personalize = "/api/ai/messages/personalize";
    public const string Suggest = "/api/ai/templates/suggest";

    private static readonly ConcurrentDictionary<TestApp, Lazy<Task<Advisor>>> advisors = [];

    /// <summary>One advisor for all specs of an app to which it does not matter who asks: signing up is the slowest part of them.</summary>
    public static Task<Advisor> Anybody(TestApp app) => advisors.GetOrAdd(app, _ => new(() => Advisor.Of(app))).Value;

    public static object Objective(string objective = "seguimiento", int count = 1) => new { objective, tone = "cercano", count };

    /// <summary>A body that each of the four routes that ask the model takes.</summary>
    public static async Task<object> Body(this Advisor advisor, string route) => route switch
    {
        Generate => Objective(),
        Improve => new { message = "Hola {nombre_cliente}, como estas" },
        Personalize => new { message = "Hola {nombre_cliente}", clientId = await advisor.HasClient("Rosa Medina") },
        _ => new { objective = "seguimiento" },
    };

    public static async Task<Answer> Ask(this Advisor advisor, string route) => await advisor.Post(route, await advisor.Body(route));

    public static IReadOnlyList<string> Texts(this Answer answer) =>
        [.. answer["variations"].EnumerateArray().Select(variation => variation.GetProperty("text").GetString()!)];

    public static long Tokens(this Answer answer) =>
        answer["usage"].GetProperty("promptTokens").GetInt64() + answer["usage"].GetProperty("completionTokens").GetInt64();

    public static async Task<IReadOnlyList<JsonElement>> Log(this Advisor advisor) =>
        [.. (await advisor.Get("/api/ai/log")).Body.EnumerateArray()];

    /// <summary>The verdicts of the log's newest rows, the first call first.</summary>
    public static async Task<string> Verdicts(this Advisor advisor, int newest = 100) =>
        string.Join(", ", (await advisor.Log()).Take(newest).Reverse().Select(row => row.GetProperty("verdict").GetString()));

    /// <summary>The same advisor at another node.</summary>
    public static Advisor At(this Advisor advisor, TestApp node)
    {
        var http = node.Anonymous();
        http.DefaultRequestHeaders.Authorization = advisor.Http.DefaultRequestHeaders.Authorization;
        return new Advisor(http);
    }

    /// <summary>Asks for a stream and reads it to its end.</summary>
    public static async Task<IReadOnlyList<(string Name, JsonElement Data)>> Stream(this Advisor advisor, string route, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = JsonContent.Create(body) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var answer = await advisor.Http.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. events.Where(text => text.StartsWith("event: ", StringComparison.Ordinal)).Select(text => text.Split('\n')).Select(lines =>
                (lines[0]["event: ".Length..], JsonElement.Parse(lines[2]["data: ".Length..]))),
        ];
    }
}
