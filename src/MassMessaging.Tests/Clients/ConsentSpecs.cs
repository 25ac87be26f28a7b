using System.Net;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Clients;

public sealed class ConsentSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Who_opts_out_is_opted_out_with_the_proof()
    {
        var clients = await Advisor();
        var id = await clients.Create("Ana", "5512345678");

        var (status, client) = await clients.Post(new { reason = " no quiere " }, $"/{id}/opt-out");
        var history = await History(clients, id);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ["id", "profileId", "clientId", "kind", "source", "reason", "at", "recordedAt", "recordedBy"],
            history[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal("opt_out advisor no quiere", Line(Assert.Single(history)));
        Assert.Equal(client.GetProperty("optedOutAt").GetString(), history[0].GetProperty("at").GetString());
        Assert.StartsWith("user:", history[0].GetProperty("recordedBy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doing_it_twice_is_nothing()
    {
        var clients = await Advisor();
        var id = await clients.Create("Ana", "5512345678");

        var (_, first) = await clients.Post(new { }, $"/{id}/opt-out");
        var (_, second) = await clients.Post(new { reason = "otra vez" }, $"/{id}/opt-out");
        await clients.Post(new { source = "llamada" }, $"/{id}/opt-in");
        var (again, _) = await clients.Post(new { source = "llamada" }, $"/{id}/opt-in");

        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Equal(HttpStatusCode.OK, again);
        Assert.Equal(["opt_in llamada ", "opt_out advisor "], (await History(clients, id)).Select(Line));
    }

    [Fact]
    public async Task Two_clicks_at_once_are_one()
    {
        var clients = await Advisor();
        var id = await clients.Create("Ana", "5512345678");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => clients.Post(new { source = "formulario" }, $"/{id}/opt-in")));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => clients.Post(new { }, $"/{id}/opt-out")));

        Assert.Equal(["opt_out", "opt_in"], (await History(clients, id)).Select(line => line.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task Who_opts_in_again_is_written_to_again()
    {
        var clients = await Advisor();
        var id = await clients.Create("Ana", "5512345678");
        await clients.Post(new { }, $"/{id}/opt-out");

        var (_, client) = await clients.Post(new { source = "formulario" }, $"/{id}/opt-in");

        Assert.Equal(JsonValueKind.Null, client.GetProperty("optedOutAt").ValueKind);
    }

    [Fact]
    public async Task Consent_given_at_the_start_is_part_of_the_history_and_the_history_is_paged()
    {
        var clients = await Advisor();
        var (_, client) = await clients.Post(new { name = "Ana", phone = "5512345678", consent = new { source = "feria", at = "2026-01-02T03:04:05Z" } });
        var id = client.GetProperty("id").GetString();
        await clients.Post(new { }, $"/{id}/opt-out");

        using var page = await clients.GetResponse($"/{id}/consent?limit=1");
        var (_, rest) = await clients.Get($"/{id}/consent?after={(await page.Json())[0].GetProperty("id").GetString()}");

        Assert.Equal("2", page.Headers.GetValues("X-Total-Count").Single());
        Assert.True(page.Headers.Contains("Link"));
        Assert.Equal("consent feria ", Line(Assert.Single(rest.EnumerateArray())));
        Assert.Equal("2026-01-02T03:04:05.000Z", rest[0].GetProperty("at").GetString());
    }

    [Theory]
    [InlineData("opt-in", """{}""", "source")]
    [InlineData("opt-in", """{"source":" "}""", "source")]
    [InlineData("opt-in", """{"source":7}""", "source")]
    [InlineData("opt-out", """{"reason":7}""", "reason")]
    public async Task A_wrong_field_is_refused_by_name(string act, string body, string field)
    {
        var clients = await Advisor();
        var id = await clients.Create("Ana", "5512345678");

        var (status, problem) = await clients.Post(JsonSerializer.Deserialize<JsonElement>(body), $"/{id}/{act}");

        Assert.Equal((HttpStatusCode.BadRequest, "validation-failed"), (status, problem.GetProperty("code").GetString()));
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
        Assert.Empty(await History(clients, id));
    }

    [Fact]
    public async Task Nobody_reaches_the_consent_of_another_advisors_client()
    {
        var (mine, yours) = (await Advisor(), await Advisor());
        var id = await mine.Create("Ana", "5512345678");

        Assert.Equal(HttpStatusCode.NotFound, (await yours.Post(new { }, $"/{id}/opt-out")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await yours.Post(new { source = "x" }, $"/{id}/opt-in")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await yours.Get($"/{id}/consent")).Status);
        Assert.Empty(await History(mine, id));
    }

    private static async Task<List<JsonElement>> History(ClientsApi clients, string id) =>
        [.. (await clients.Get($"/{id}/consent")).Body.EnumerateArray()];

    private static string Line(JsonElement row) =>
        $"{row.GetProperty("kind").GetString()} {row.GetProperty("source").GetString()} {row.GetProperty("reason").GetString()}";

    private async Task<ClientsApi> Advisor() => new(await app.Client());
}
