using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Tests.Harness;
using static MassMessaging.Tests.Templates.TemplateCalls;

namespace MassMessaging.Tests.Templates;

public sealed class TemplatesApiSpecs(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    private HttpClient client = null!;

    public async ValueTask InitializeAsync() => client = await app.Client();

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_template_is_kept_and_read_back_as_it_was_answered()
    {
        var template = new { name = "Seguimiento", content = "Hola {nombre_cliente} 👋, {nombre_cliente}", objective = "Volver" };
        var answer = await client.PostAsJsonAsync(Route, template);
        var created = await Json(answer);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal($"{Route}/{Text(created, "id")}", answer.Headers.Location?.OriginalString);
        Assert.Equal(
            ["id", "profileId", "name", "content", "objective", "variables", "metaTemplate", "usageCount", "lastUsedAt", "createdAt", "updatedAt"],
            created.EnumerateObject().Select(field => field.Name));
        Assert.Equal("""["{nombre_cliente}"]""", created.GetProperty("variables").GetRawText());
        Assert.Equal(0, created.GetProperty("usageCount").GetInt32());
        Assert.Equal(JsonValueKind.Null, created.GetProperty("lastUsedAt").ValueKind);
        Assert.Equal(created.GetRawText(), (await client.Get($"{Route}/{Text(created, "id")}")).GetRawText());
    }

    [Fact]
    public async Task Every_wrong_field_is_named_at_once()
    {
        var problem = await Refused(client.PostAsJsonAsync(Route, new { name = "", objective = new string('x', 101), content = 7 }));

        Assert.Equal("validation-failed", Text(problem, "code"));
        Assert.Equal(["content", "name", "objective"], Fields(problem));
    }

    [Fact]
    public async Task An_unknown_variable_is_refused_by_name()
    {
        var problem = await Refused(client.PostAsJsonAsync(Route, new { name = "a", content = "{apodo} {nombre_cliente} {edad}" }));

        Assert.Equal("template-variable-unknown", Text(problem, "code"));
        Assert.Contains("{apodo}, {edad}", problem.GetProperty("errors").GetProperty("content")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partial_change_leaves_the_rest()
    {
        var id = await client.Create("Promo", "Hola", objective: "Vender");

        var changed = await Json(await client.PutAsJsonAsync($"{Route}/{id}", new { content = "Chau {telefono}", usageCount = 99 }));

        Assert.Equal(("Promo", "Chau {telefono}", "Vender"), (Text(changed, "name"), Text(changed, "content"), Text(changed, "objective")));
        Assert.Equal(0, changed.GetProperty("usageCount").GetInt32());
        Assert.Equal("""["{telefono}"]""", changed.GetProperty("variables").GetRawText());
    }

    [Fact]
    public async Task Null_empties_what_may_be_empty_and_nothing_else()
    {
        var id = await client.Create("Promo", "Hola", objective: "Vender");

        var emptied = await Json(await client.PutAsJsonAsync($"{Route}/{id}", new { objective = (string?)null }));
        var problem = await Refused(client.PutAsJsonAsync($"{Route}/{id}", new { name = (string?)null, content = "" }));

        Assert.Null(Text(emptied, "objective"));
        Assert.Equal(["content", "name"], Fields(problem));
    }

    [Fact]
    public async Task A_meta_template_is_kept_with_known_variables_only()
    {
        var meta = new { name = "promo", language = "es_AR", parameters = new[] { "{nombre_cliente}" } };
        var created = await Json(await client.PostAsJsonAsync(Route, new { name = "a", content = "b", metaTemplate = meta }));
        var problem = await Refused(client.PostAsJsonAsync(
            Route, new { name = "a", content = "b", metaTemplate = new { name = "", parameters = new[] { "{x}" } } }));

        Assert.Equal("""{"name":"promo","language":"es_AR","parameters":["{nombre_cliente}"]}""", created.GetProperty("metaTemplate").GetRawText());
        Assert.Equal(["metaTemplate.language", "metaTemplate.name", "metaTemplate.parameters"], Fields(problem));
    }

    [Fact]
    public async Task A_deleted_template_is_gone()
    {
        var id = await client.Create("Promo", "Hola");

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(Uri($"{Route}/{id}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(Uri($"{Route}/{id}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync(Uri($"{Route}/{id}"))).StatusCode);
    }

    [Fact]
    public async Task A_list_is_paged_by_key()
    {
        for (var i = 0; i < 5; i++) await client.Create($"t{i}", "a");

        var first = await client.GetAsync(Uri($"{Route}?limit=3"));
        var next = first.Headers.GetValues("Link").Single();
        var second = await client.GetAsync(Uri(next[1..next.IndexOf('>', StringComparison.Ordinal)]));

        Assert.Equal("5", first.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(["t4", "t3", "t2"], (await Json(first)).EnumerateArray().Select(row => Text(row, "name")));
        Assert.Equal(["t1", "t0"], (await Json(second)).EnumerateArray().Select(row => Text(row, "name")));
        Assert.False(second.Headers.Contains("Link"));
    }

    [Fact]
    public async Task Another_advisor_sees_nothing_of_it()
    {
        var id = await client.Create("Promo", "Hola");
        using var other = await app.Client();

        Assert.Equal(0, (await other.GetFromJsonAsync<JsonElement>(Route)).GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(Uri($"{Route}/{id}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PutAsJsonAsync($"{Route}/{id}", new { name = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync(Uri($"{Route}/{id}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync(Uri($"{Route}/{id}/use"), null)).StatusCode);
    }
}
