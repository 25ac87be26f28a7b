using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Http;

/// <summary>The conventions of docs/api.md, asked of every route of the document.</summary>
public sealed class EveryRouteSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Somebody = "01980c5e-6c1f-7c3a-9d51-2f6f3a1b4c7d";

    /// <summary>Any text is a right one here.</summary>
    private static readonly string[] FreeTexts = ["q", "useCookies", "useSessionCookies", "userId", "code", "changedEmail"];

    [Fact]
    public async Task Without_a_token_every_route_but_the_open_ones_is_closed() =>
        await Each(route => route.IsSignedIn, async route => await Is(401, "not-signed-in", await route.Ask(app.Anonymous(), Somebodys(route))));

    [Fact]
    public async Task What_is_nowhere_is_not_found_and_neither_is_what_is_no_id()
    {
        var client = await app.Client();
        await Each(route => route.IsSignedIn && route.Path.Contains("id}", StringComparison.OrdinalIgnoreCase), async route =>
        {
            await Is(404, "not-found", await route.Ask(client, Somebodys(route)));
            await Is(404, "not-found", await route.Ask(client, Filled(route, "no-id")));
        });
    }

    [Fact]
    public async Task A_method_that_a_path_does_not_take_is_named_as_such()
    {
        var client = await app.Client();
        await Each(_ => true, async route => await Is(405, "method-not-allowed", await (route with { Method = "PATCH" }).Ask(client, Somebodys(route))));
    }

    [Fact]
    public async Task Every_body_is_held_to_type_size_and_shape()
    {
        var client = await app.Client();
        await Each(route => route.TakesJson, async route =>
        {
            var path = Somebodys(route);
            await Is(415, "unsupported-media-type", await route.Ask(client, path, "name=Ana", "text/plain"));
            await Is(400, "invalid-json", await route.Ask(client, path, "{\"name\":"));
            await Is(400, "invalid-json", await route.Ask(client, path, "[]"));
            await Is(400, "validation-failed", await route.Ask(client, path, """{"name":"a\u0000b"}"""));
            // Told before it sends: a server that refuses a body unread may cut the connection.
            var large = $$"""{"name":"{{new string('a', 1024 * 1024)}}"}""";
            await Is(413, "body-too-large", await route.Ask(client, path, large, headers: ("Expect", "100-continue")));
        });
    }

    [Fact]
    public async Task Every_value_of_a_query_is_held_to_its_type()
    {
        var mine = await Neighbour.Of(app, "Ana");
        await Each(route => route.IsSignedIn, async route =>
        {
            foreach (var name in route.Parameters("query").Except(FreeTexts))
            {
                foreach (var value in name == "limit" ? ["0", "5001", "x"] : (string[])["%C2%BFqu%C3%A9%3F"])
                {
                    var path = $"{mine.Paths(route.Path)![0]}?{name}={value}";
                    using var answer = route.Id == "importClients"
                        ? await route.Ask(mine.Advisor.Http, path, "name,phone\n", "text/csv")
                        : await route.Ask(mine.Advisor.Http, path);
                    var text = await answer.Content.ReadAsStringAsync();
                    Assert.True((int)answer.StatusCode == 400, $"{route}?{name}={value}: {answer.StatusCode} {text}");
                    Assert.True(JsonElement.Parse(text).GetProperty("errors").TryGetProperty(name, out _), $"{route}?{name}={value}: {text}");
                }
            }
        });
    }

    [Fact]
    public async Task Every_list_is_walked_page_by_page_without_loss_or_repeat()
    {
        var mine = await Neighbour.Of(app, "Ana");
        await Each(route => route.Parameters("query").Contains("after"), async route =>
        {
            var path = mine.Paths(route.Path)![0];
            var whole = (await mine.Advisor.Get(path)).Body.EnumerateArray().Select(row => row.ToString()).ToList();
            Assert.True(whole.Count > 1, $"{route}: Neighbour has fewer than two rows for it");

            var paged = new List<string>();
            for (string? next = $"{path}?limit=1"; next is not null;)
            {
                using var page = await route.Ask(mine.Advisor.Http, next);
                Assert.Equal(paged.Count == 0, page.Headers.TryGetValues("X-Total-Count", out var total));
                if (total is not null) Assert.Equal($"{whole.Count}", total.Single());
                paged.AddRange(JsonElement.Parse(await page.Content.ReadAsStringAsync()).EnumerateArray().Select(row => row.ToString()));
                next = page.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
                Assert.True(paged.Count <= whole.Count, $"{route} repeats itself");
            }

            Assert.Equal(whole, paged);
        });
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_never_changed()
    {
        var mine = await Neighbour.Of(app, "Ana");
        await Each(route => route.Parameters("header").Contains("If-Match"), async route =>
        {
            foreach (var version in (string[])["\"999\"", "W/\"1\"", "no version"])
                await Is(412, "precondition-failed", await route.Ask(mine.Advisor.Http, mine.Paths(route.Path)![0], headers: ("If-Match", version)));
        });
    }

    private static string Somebodys(Route route) => Filled(route, Somebody);

    private static string Filled(Route route, string id) => string.Join('/', route.Path.Split('/').Select(part => part switch
    {
        "{label}" => "consumidor",
        "{days}" => "1",
        ['{', ..] => id,
        _ => part,
    }));

    private static async Task Is(int status, string code, HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            var isSo = (int)answer.StatusCode == status && text.Contains($"\"code\":\"{code}\"", StringComparison.Ordinal)
                && answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
            Assert.True(isSo, $"expected {status} {code}, got {(int)answer.StatusCode} {text}");
        }
    }

    /// <summary>All that fail, at once.</summary>
    private async Task Each(Func<Route, bool> which, Func<Route, Task> spec)
    {
        var failed = new List<string>();
        foreach (var route in (await Route.All(app)).Where(which))
        {
            try
            {
                await spec(route);
            }
            catch (Exception failure) when (failure is Xunit.Sdk.XunitException or JsonException or InvalidOperationException or NullReferenceException or HttpRequestException)
            {
                failed.Add($"{route}: {failure.Message}");
            }
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }
}
