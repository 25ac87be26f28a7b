using System.Net;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Http;

/// <summary>Two advisors, every route: neither sees, changes nor can tell apart from nothing what is the other's.</summary>
public sealed class OtherProfileSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Name = "Ramona";

    [Fact]
    public async Task No_route_gives_or_changes_what_is_the_others()
    {
        var theirs = await Neighbour.Of(app, Name);
        var mine = await Neighbour.Of(app, "Ana");
        var before = await theirs.Rows(app);

        await AskForTheirIds(mine, theirs);
        await ReadAllLists(mine, theirs);
        await NameTheirIdsInBodies(mine, theirs);
        await app.Drain();

        Assert.Equal(before, await theirs.Rows(app));
    }

    private static IReadOnlyList<(string Method, string Path, string Body, HttpStatusCode[] Expected)> Bodies(
        string template, string client, string campaign, string survey) =>
    [
        ("POST", "/api/campaigns", $$$"""{"name":"X","objective":"x","templateId":"{{{template}}}"}""",
            [HttpStatusCode.BadRequest, HttpStatusCode.NotFound]),
        ("POST", "/api/campaigns", $$$"""{"name":"X","objective":"x","messageContent":"X","audience":{"clientIds":["{{{client}}}"]}}""",
            [HttpStatusCode.Created, HttpStatusCode.BadRequest]),
        ("POST", "/api/campaigns", $$$"""{"name":"X","objective":"x","messageContent":"X","audience":{"all":true,"excludeCampaignIds":["{{{campaign}}}"]}}""",
            [HttpStatusCode.Created, HttpStatusCode.BadRequest]),
        ("POST", "/api/campaign-templates/preview", $$$"""{"content":"{nombre_cliente}","clientId":"{{{client}}}"}""", [HttpStatusCode.NotFound]),
        ("POST", "/api/ai/messages/generate", $$$"""{"objective":"x","tone":"y","clientId":"{{{client}}}"}""", [HttpStatusCode.NotFound]),
        ("POST", "/api/ai/messages/personalize", $$$"""{"message":"x","clientId":"{{{client}}}"}""", [HttpStatusCode.NotFound]),
        ("POST", "/api/health-survey/bulk-create-clients", $$$"""{"surveyIds":["{{{survey}}}"]}""", [HttpStatusCode.MultiStatus]),
    ];

    private async Task AskForTheirIds(Neighbour mine, Neighbour theirs)
    {
        foreach (var route in (await Route.All(app)).Where(route => route.IsSignedIn && route.Parameters("path").Any(IsId)))
        {
            var paths = theirs.Paths(route.Path);
            Assert.True(paths is not null, $"{route}: Neighbour has no id for it");
            foreach (var path in paths)
            {
                using var answer = await route.Ask(mine.Advisor.Http, path);
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{route} with the other's ids: {answer.StatusCode} {text}");
            }
        }
    }

    private async Task ReadAllLists(Neighbour mine, Neighbour theirs)
    {
        foreach (var route in (await Route.All(app)).Where(route => route is { Method: "GET", IsSignedIn: true, Streams: false }))
        {
            foreach (var path in mine.Paths(route.Path) ?? [])
            {
                using var answer = await route.Ask(mine.Advisor.Http, path);
                AssertSaysNothingOf(theirs, await answer.Content.ReadAsStringAsync(), route.ToString());
            }
        }
    }

    private async Task NameTheirIdsInBodies(Neighbour mine, Neighbour theirs)
    {
        string Id(string path) => theirs.Paths(path)![0].Split('/')[^1];
        foreach (var (method, path, body, expected) in Bodies(Id("/api/campaign-templates/{id}"), Id("/api/clients/{id}"), Id("/api/campaigns/{id}"), Id("/api/health-survey/{id}")))
        {
            using var answer = await new Route(method, path, default).Ask(mine.Advisor.Http, path, body);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(expected.Contains(answer.StatusCode), $"{path} {body}: {answer.StatusCode} {text}");
            if (answer.StatusCode != HttpStatusCode.Created) continue;

            var preview = await mine.Advisor.Post($"{path}/{JsonElement.Parse(text).GetProperty("id").GetGuid()}/preview");
            AssertSaysNothingOf(theirs, preview.Body.ToString(), body);
        }
    }

    private static void AssertSaysNothingOf(Neighbour theirs, string text, string where)
    {
        Assert.False(text.Contains(Name, StringComparison.OrdinalIgnoreCase), $"{where} names the other's client");
        Assert.All(theirs.AllIds.Append(theirs.Profile), id => Assert.False(text.Contains(id.ToString(), StringComparison.Ordinal), $"{where} shows {id}"));
    }

    private static bool IsId(string parameter) => parameter.EndsWith("id", StringComparison.OrdinalIgnoreCase);
}
