using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Kernel;
using MassMessaging.Templates;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Templates;

public sealed class TemplatesApiSpecs(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    private const string Templates = "/api/campaign-templates";

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
        var answer = await client.PostAsJsonAsync(Templates, new { name = "Seguimiento", content = "Hola {nombre_cliente} 👋, {nombre_cliente}", objective = "Volver" });
        var created = await Json(answer);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal($"{Templates}/{Text(created, "id")}", answer.Headers.Location?.OriginalString);
        Assert.Equal(
            ["id", "profileId", "name", "content", "objective", "variables", "metaTemplate", "usageCount", "lastUsedAt", "createdAt", "updatedAt"],
            created.EnumerateObject().Select(field => field.Name));
        Assert.Equal("""["{nombre_cliente}"]""", created.GetProperty("variables").GetRawText());
        Assert.Equal(0, created.GetProperty("usageCount").GetInt32());
        Assert.Equal(JsonValueKind.Null, created.GetProperty("lastUsedAt").ValueKind);
        Assert.Equal(created.GetRawText(), (await Get($"{Templates}/{Text(created, "id")}")).GetRawText());
    }

    [Fact]
    public async Task Every_wrong_field_is_named_at_once()
    {
        var problem = await Refused(client.PostAsJsonAsync(Templates, new { name = "", objective = new string('x', 101), content = 7 }));

        Assert.Equal("validation-failed", Text(problem, "code"));
        Assert.Equal(["content", "name", "objective"], Fields(problem));
    }

    [Fact]
    public async Task An_unknown_variable_is_refused_by_name()
    {
        var problem = await Refused(client.PostAsJsonAsync(Templates, new { name = "a", content = "{apodo} {nombre_cliente} {edad}" }));

        Assert.Equal("template-variable-unknown", Text(problem, "code"));
        Assert.Contains("{apodo}, {edad}", problem.GetProperty("errors").GetProperty("content")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partial_change_leaves_the_rest()
    {
        var id = await Create("Promo", "Hola", objective: "Vender");

        var changed = await Json(await client.PutAsJsonAsync($"{Templates}/{id}", new { content = "Chau {telefono}", usageCount = 99 }));

        Assert.Equal(("Promo", "Chau {telefono}", "Vender"), (Text(changed, "name"), Text(changed, "content"), Text(changed, "objective")));
        Assert.Equal(0, changed.GetProperty("usageCount").GetInt32());
        Assert.Equal("""["{telefono}"]""", changed.GetProperty("variables").GetRawText());
    }

    [Fact]
    public async Task Null_empties_what_may_be_empty_and_nothing_else()
    {
        var id = await Create("Promo", "Hola", objective: "Vender");

        var emptied = await Json(await client.PutAsJsonAsync($"{Templates}/{id}", new { objective = (string?)null }));
        var problem = await Refused(client.PutAsJsonAsync($"{Templates}/{id}", new { name = (string?)null, content = "" }));

        Assert.Null(Text(emptied, "objective"));
        Assert.Equal(["content", "name"], Fields(problem));
    }

    [Fact]
    public async Task A_meta_template_is_kept_with_known_variables_only()
    {
        var meta = new { name = "promo", language = "es_AR", parameters = new[] { "{nombre_cliente}" } };
        var created = await Json(await client.PostAsJsonAsync(Templates, new { name = "a", content = "b", metaTemplate = meta }));
        var problem = await Refused(client.PostAsJsonAsync(
            Templates, new { name = "a", content = "b", metaTemplate = new { name = "", parameters = new[] { "{x}" } } }));

        Assert.Equal("""{"name":"promo","language":"es_AR","parameters":["{nombre_cliente}"]}""", created.GetProperty("metaTemplate").GetRawText());
        Assert.Equal(["metaTemplate.language", "metaTemplate.name", "metaTemplate.parameters"], Fields(problem));
    }

    [Fact]
    public async Task A_deleted_template_is_gone()
    {
        var id = await Create("Promo", "Hola");

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(Uri($"{Templates}/{id}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(Uri($"{Templates}/{id}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync(Uri($"{Templates}/{id}"))).StatusCode);
    }

    [Fact]
    public async Task The_most_recently_used_comes_first()
    {
        var old = await Create("old", "a");
        var fresh = await Create("fresh", "a");
        var used = await Json(await client.PostAsync(Uri($"{Templates}/{old}/use"), null));

        var list = await Get(Templates);

        Assert.Equal(1, used.GetProperty("usageCount").GetInt32());
        Assert.Equal([old, fresh], list.EnumerateArray().Select(row => Text(row, "id")));
        Assert.Equal(Text(list[0], "lastUsedAt"), Text(used, "lastUsedAt"));
    }

    [Fact]
    public async Task A_list_is_paged_by_key()
    {
        for (var i = 0; i < 5; i++) await Create($"t{i}", "a");

        var first = await client.GetAsync(Uri($"{Templates}?limit=3"));
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
        var id = await Create("Promo", "Hola");
        using var other = await app.Client();

        Assert.Equal(0, (await other.GetFromJsonAsync<JsonElement>(Templates)).GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(Uri($"{Templates}/{id}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PutAsJsonAsync($"{Templates}/{id}", new { name = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync(Uri($"{Templates}/{id}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync(Uri($"{Templates}/{id}/use"), null)).StatusCode);
    }

    [Fact]
    public async Task Seven_variables_are_listed()
    {
        var variables = await Get($"{Templates}/variables");
        Assert.Equal(
            ["{nombre_cliente}", "{nombre_asesor}", "{telefono}", "{fecha_actual}", "{hora_actual}", "{telefono_asesor}", "{nombre_negocio}"],
            variables.EnumerateArray().Select(variable => Text(variable, "token")));
    }

    [Fact]
    public async Task A_text_is_judged_without_being_kept()
    {
        var verdict = await Json(await client.PostAsJsonAsync($"{Templates}/validate", new { content = "{nombre_cliente} {apodo} llama al {telefono}" }));

        Assert.False(verdict.GetProperty("valid").GetBoolean());
        Assert.Equal("""["{nombre_cliente}","{apodo}","{telefono}"]""", verdict.GetProperty("variables").GetRawText());
        Assert.Equal("""["{apodo}"]""", verdict.GetProperty("invalidVariables").GetRawText());
        Assert.Equal("telefono-is-the-clients", Text(verdict.GetProperty("warnings")[0], "code"));
    }

    [Fact]
    public async Task A_preview_is_rendered_for_the_client_named()
    {
        await client.PutAsJsonAsync("/api/profile", new { displayName = "Juan", businessName = "Seguros Sur", timeZone = "America/Bogota" });
        var person = await Json(await client.PostAsJsonAsync("/api/clients", new { name = "Ana {telefono}", phone = "+5491133334444" }));

        var preview = await Json(await client.PostAsJsonAsync(
            $"{Templates}/preview", new { content = "{nombre_cliente}, {telefono}: {nombre_asesor} de {nombre_negocio}", clientId = Text(person, "id") }));

        Assert.Equal("Ana {telefono}, +5491133334444: Juan de Seguros Sur", Text(preview, "text"));
    }

    [Fact]
    public async Task A_preview_for_nobody_or_of_an_unknown_variable_is_refused()
    {
        var nobody = await client.PostAsJsonAsync($"{Templates}/preview", new { content = "Hola", clientId = Guid.NewGuid() });
        var unknown = await Refused(client.PostAsJsonAsync($"{Templates}/preview", new { content = "{apodo}" }));
        var invented = await Json(await client.PostAsJsonAsync($"{Templates}/preview", new { content = "Hola {nombre_cliente}" }));

        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        Assert.Equal("template-variable-unknown", Text(unknown, "code"));
        Assert.Equal("Hola María Pérez", Text(invented, "text"));
    }

    [Fact]
    public async Task A_use_counts_only_if_its_session_commits()
    {
        var created = await Get($"{Templates}/{await Create("Promo", "Hola", objective: "Vender")}");
        var (profile, id) = (created.GetProperty("profileId").GetGuid(), created.GetProperty("id").GetGuid());
        await using (var session = app.Services.GetRequiredService<IStore>().Open(Origin.System))
        {
            var taken = await TemplateUse.Take(session, profile, id, CancellationToken.None);
            Assert.Equal(new TemplateForCampaign(id, "Promo", "Hola", "Vender", null), taken);
            Assert.Null(await TemplateUse.Take(session, Guid.NewGuid(), id, CancellationToken.None));
        }

        Assert.Equal(0, (await Get($"{Templates}/{id}")).GetProperty("usageCount").GetInt32());
    }

    private static Uri Uri(string path) => new(path, UriKind.RelativeOrAbsolute);

    private static Task<JsonElement> Json(HttpResponseMessage answer) => answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();

    private static string? Text(JsonElement json, string field) => json.GetProperty(field).GetString();

    private static IEnumerable<string> Fields(JsonElement problem) =>
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal);

    private static async Task<JsonElement> Refused(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> Get(string path) => await client.GetFromJsonAsync<JsonElement>(path);

    private async Task<string?> Create(string name, string content, string? objective = null) =>
        Text(await Json(await client.PostAsJsonAsync(Templates, new { name, content, objective })), "id");
}
