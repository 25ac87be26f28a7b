using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.OpenApi;
using MassMessaging.Tests.Profiles.ApiKeys;

namespace MassMessaging.Tests.Http;

/// <summary>
/// Every route with every way to name what is another's: in the path (also half of it), in each value of the query, in each field of the body, in headers; by
/// the advisor, an API key, an operator and nobody. A new route is attacked by itself, and fails here where <see cref="Neighbour"/> has no id for it.
/// </summary>
public sealed class EveryWayToNameSpecs(TestCluster cluster)
{
    private const string Name = "Ramona";
    private const string Operator = "ops@example.com";

    private readonly Attempts attempts = new();

    private int kinds;

    /// <param name="kindsOfThings">How many are named in each place of the query, the body and the headers; one is another one each time.</param>
    [Theory]
    [Sizes(small: 1, full: 9)]
    public async Task Whatever_way_anothers_thing_is_named_nothing_of_it_is_told_or_changed(int kindsOfThings)
    {
        kinds = kindsOfThings;
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Settings = new Dictionary<string, string> { ["OPERATORS"] = Operator } });
        var (theirs, mine) = (await Neighbour.Of(app, Name), await Neighbour.Of(app, "Ana"));
        var routes = (await Route.All(app)).Where(route => route.IsSignedIn).ToList();
        await ByIdempotencyKey(mine, theirs);
        var instance = (await theirs.Advisor.Get("/api/whatsapp/config"))["instance"].GetString()!;
        await app.Drain();
        var before = await theirs.Rows(app);
        using var key = app.With(await mine.Advisor.Http.HasKey(["read", "write", "send", "operate"]));
        using var operates = await app.Client(Operator);
        using var nobody = app.Anonymous();
        var document = JsonElement.Parse(await nobody.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));

        foreach (var (who, client) in ((string, HttpClient)[])[("advisor", mine.Advisor.Http), ("key", key), ("operator", operates), ("nobody", nobody)])
        {
            foreach (var route in routes.Where(route => who != "operator" || !route.Path.StartsWith("/api/operations", StringComparison.Ordinal)))
            {
                await ByPath(who, client, route, mine, theirs);
                if (who is "nobody" or "operator") continue;

                await ByQuery(who, client, route, mine, theirs);
                await ByHeaders(who, client, route, mine, theirs);
                await ByBody(who, client, route, mine, theirs, new AnswerSchema(document));
            }
        }

        await ByTicket(routes, mine, theirs);
        await ByInstance(mine, instance);
        await app.Drain();

        attempts.Print();
        Assert.True(attempts.Wrong.Count == 0, string.Join('\n', attempts.Wrong.Take(40)));
        Assert.Equal(before, await theirs.Rows(app));
        Assert.Equal([], routes.Select(route => route.ToString()).Where(route => !attempts.Include(route)));
    }

    private async Task ByPath(string who, HttpClient client, Route route, Neighbour mine, Neighbour theirs)
    {
        if (!route.Parameters("path").Any(IsId))
        {
            if (who == "nobody") await Attempt(who, client, route, route.Path, null, 401);
            return;
        }

        var (all, own) = (theirs.Paths(route.Path), mine.Paths(route.Path));
        Assert.True(all is not null && own is not null, $"{route}: Neighbour has no id for it");
        var (other, half) = (all[0].Split('/'), own[0].Split('/'));
        int[] ids = [.. Enumerable.Range(0, other.Length).Where(place => other[place] != half[place])];
        var halves = ids.Length < 2 ? [] : ids.Select(place => string.Join('/', half.Select((part, at) => at == place ? other[at] : part)));
        foreach (var path in all.Concat(halves))
        {
            await Attempt(who, client, route, path, null, who == "nobody" ? 401 : 404);
            if (who != "nobody") await Attempt(who, client, route, path, null, 404, ("If-Match", "*"), ("Last-Event-ID", other[ids[0]]), ("X-Profile-Id", theirs.Profile.ToString()));
        }
    }

    private async Task ByQuery(string who, HttpClient client, Route route, Neighbour mine, Neighbour theirs)
    {
        string[] names = route.Method == "GET" ? [.. route.Parameters("query"), "profileId", "profile_id"] : [.. route.Parameters("query")];
        foreach (var name in names.Distinct())
        {
            foreach (var id in Some(theirs, name))
                await Attempt(who, client, route, $"{mine.Paths(route.Path)![0]}?{name}={id}", null, null);
        }
    }

    private async Task ByHeaders(string who, HttpClient client, Route route, Neighbour mine, Neighbour theirs)
    {
        if (route.Method != "GET") return;
        foreach (var id in Some(theirs, route.Path))
        {
            await Attempt(who, client, route, mine.Paths(route.Path)![0], null, null,
                ("Last-Event-ID", id), ("Idempotency-Key", id), ("X-Profile-Id", id), ("X-Tenant-Id", id), ("If-Match", $"\"{id}\""), ("Cookie", $"profile={id}"));
        }
    }

    private async Task ByBody(string who, HttpClient client, Route route, Neighbour mine, Neighbour theirs, AnswerSchema schemas)
    {
        if (!route.TakesJson) return;
        var schema = route.Operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        var fields = schemas.Resolved(schema).TryGetProperty("properties", out var named) ? named.EnumerateObject().Select(field => field.Name) : [];
        async Task With(string field, JsonNode value)
        {
            var body = JsonNode.Parse(route.Body())!.AsObject();
            body[field] = value;
            await Attempt(who, client, route, mine.Paths(route.Path)![0], body.ToJsonString(), null);
        }

        await With("profileId", theirs.Profile.ToString());
        foreach (var field in fields)
        {
            foreach (var id in Some(theirs, field).Take(who == "key" ? 1 : int.MaxValue))
            {
                await With(field, id);
                await With(field, new JsonArray(id));
            }
        }
    }

    /// <summary>A ticket is good for what its owner may follow.</summary>
    private async Task ByTicket(IReadOnlyList<Route> routes, Neighbour mine, Neighbour theirs)
    {
        foreach (var route in routes.Where(route => route.Streams && route.Parameters("path").Any(IsId)))
        {
            foreach (var path in theirs.Paths(route.Path)!)
            {
                var ticket = (await mine.Advisor.Post("/api/auth/stream-ticket"))["ticket"].GetString();
                using var nobody = new HttpClient { BaseAddress = mine.Advisor.Http.BaseAddress };
                await Attempt("ticket", nobody, route, $"{path}?ticket={ticket}", null, 404);
            }
        }
    }

    private async Task ByIdempotencyKey(Neighbour mine, Neighbour theirs)
    {
        async Task<HttpResponseMessage> Drafted(HttpClient client)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/campaign-templates") { Content = JsonContent.Create(new { name = "Cinco", content = "Hola" }) };
            request.Headers.Add("Idempotency-Key", "one-and-the-same");
            return await client.SendAsync(request);
        }

        using var first = await Drafted(mine.Advisor.Http);
        using var second = await Drafted(theirs.Advisor.Http);
        attempts.Count("advisor", new Route("POST", "/api/campaign-templates", default), isRefused: false);
        Assert.False(second.Headers.Contains("Idempotency-Replayed"));
        var made = (await second.Json()).GetProperty("id").GetGuid();
        Assert.NotEqual((await first.Json()).GetProperty("id").GetGuid(), made);
        (await theirs.Advisor.Delete($"/api/campaign-templates/{made}")).Is(HttpStatusCode.NoContent);
    }

    private async Task ByInstance(Neighbour mine, string instance)
    {
        var route = new Route("PUT", "/api/whatsapp/config", default);
        foreach (var name in (string[])[instance, $" {instance} ", instance.ToUpperInvariant(), $"{instance}\u200b", $"{instance}/"])
            await Attempt("advisor", mine.Advisor.Http, route, route.Path, JsonSerializer.Serialize(new { gateway = "evolution", instance = name }), name == instance ? 409 : null);
        Assert.NotEqual(instance, (await mine.Advisor.Get("/api/whatsapp/config"))["instance"].GetString());
    }

    private async Task Attempt(string who, HttpClient client, Route route, string path, string? body, int? expected, params (string Name, string Value)[] headers)
    {
        using var answer = await route.Ask(client, path, body, headers: headers);
        var (status, text) = ((int)answer.StatusCode, await Attempts.Told(answer));
        var isAsExpected = expected is not { } one || status == one || (status == 403 && who == "key");
        attempts.Count(who, route, status >= 400);
        if (!isAsExpected || status >= 500 || text.Contains(Name, StringComparison.OrdinalIgnoreCase))
            attempts.Wrong.Add($"{who} {route.Method} {path} {body}: {status} {text}");
    }

    /// <summary>By the name of the place what fits it first.</summary>
    private IEnumerable<string> Some(Neighbour theirs, string place) =>
        theirs.OneOfEach.Append(theirs.Profile.ToString()).OrderByDescending(id => theirs.IsOf(id, place)).Take(kinds);

    private static bool IsId(string parameter) => parameter.EndsWith("id", StringComparison.OrdinalIgnoreCase);
}
