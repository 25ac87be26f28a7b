using System.Net;
using System.Net.Http.Json;
using MassMessaging.Kernel;
using MassMessaging.Templates;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using static MassMessaging.Tests.Templates.TemplateCalls;

namespace MassMessaging.Tests.Templates;

public sealed class TemplateUseSpecs(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    private HttpClient client = null!;

    public async ValueTask InitializeAsync() => client = await app.Client();

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_most_recently_used_comes_first()
    {
        var old = await client.Create("old", "a");
        var fresh = await client.Create("fresh", "a");
        var used = await Json(await client.PostAsync(Uri($"{Route}/{old}/use"), null));

        var list = await client.Get(Route);

        Assert.Equal(1, used.GetProperty("usageCount").GetInt32());
        Assert.Equal([old, fresh], list.EnumerateArray().Select(row => Text(row, "id")));
        Assert.Equal(Text(list[0], "lastUsedAt"), Text(used, "lastUsedAt"));
    }

    [Fact]
    public async Task Seven_variables_are_listed()
    {
        var variables = await client.Get($"{Route}/variables");
        Assert.Equal(
            ["{nombre_cliente}", "{nombre_asesor}", "{telefono}", "{fecha_actual}", "{hora_actual}", "{telefono_asesor}", "{nombre_negocio}"],
            variables.EnumerateArray().Select(variable => Text(variable, "token")));
    }

    [Fact]
    public async Task A_text_is_judged_without_being_kept()
    {
        var verdict = await Json(await client.PostAsJsonAsync($"{Route}/validate", new { content = "{nombre_cliente} {apodo} llama al {telefono}" }));

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
            $"{Route}/preview", new { content = "{nombre_cliente}, {telefono}: {nombre_asesor} de {nombre_negocio}", clientId = Text(person, "id") }));

        Assert.Equal("Ana {telefono}, +5491133334444: Juan de Seguros Sur", Text(preview, "text"));
    }

    [Fact]
    public async Task A_preview_for_nobody_or_of_an_unknown_variable_is_refused()
    {
        var nobody = await client.PostAsJsonAsync($"{Route}/preview", new { content = "Hola", clientId = Guid.NewGuid() });
        var unknown = await Refused(client.PostAsJsonAsync($"{Route}/preview", new { content = "{apodo}" }));
        var invented = await Json(await client.PostAsJsonAsync($"{Route}/preview", new { content = "Hola {nombre_cliente}" }));

        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        Assert.Equal("template-variable-unknown", Text(unknown, "code"));
        Assert.Equal("Hola María Pérez", Text(invented, "text"));
    }

    [Fact]
    public async Task A_use_counts_only_if_its_session_commits()
    {
        var created = await client.Get($"{Route}/{await client.Create("Promo", "Hola", objective: "Vender")}");
        var (profile, id) = (created.GetProperty("profileId").GetGuid(), created.GetProperty("id").GetGuid());
        await using (var session = app.Services.GetRequiredService<IStore>().Open(Origin.System))
        {
            var taken = await TemplateUse.Take(session, profile, id, CancellationToken.None);
            Assert.Equal(new TemplateForCampaign(id, "Promo", "Hola", "Vender", null), taken);
            Assert.Null(await TemplateUse.Take(session, Guid.NewGuid(), id, CancellationToken.None));
        }

        Assert.Equal(0, (await client.Get($"{Route}/{id}")).GetProperty("usageCount").GetInt32());
    }
}
