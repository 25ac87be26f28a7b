using System.Net;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Templates;

public sealed class TemplateAndCampaignSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_campaign_says_what_its_template_said_whatever_becomes_of_the_template()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Ana");
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var template = await Template(advisor, "Saludo", "Buen día, {nombre_cliente}");
        var campaign = await advisor.Post("/api/campaigns", new { name = "Marzo", objective = "ventas", templateId = template, audience = new { all = true } });

        await advisor.Put($"{TemplateCalls.Route}/{template}", new { content = "Otra cosa, {nombre_cliente}" });
        await advisor.Post($"/api/campaigns/{campaign.Id}/send");
        await advisor.Delete($"{TemplateCalls.Route}/{template}");
        await app.Settle();

        Assert.Equal("Buen día, {nombre_cliente}", (await advisor.Get($"/api/campaigns/{campaign.Id}"))["messageContent"].GetString());
        Assert.StartsWith("Buen día, Ana", Assert.Single(app.Simulator.Ledger.Entries).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_campaign_moves_its_template_to_the_top_with_the_request_that_makes_it()
    {
        var advisor = await Advisor.Of(app);
        var (older, newer) = (await Template(advisor, "Viejo", "a"), await Template(advisor, "Nuevo", "b"));

        (await advisor.Post("/api/campaigns", new { name = "Marzo", objective = "ventas", templateId = older })).Is(HttpStatusCode.Created);
        var list = (await advisor.Get(TemplateCalls.Route)).Body.EnumerateArray().ToList();

        Assert.Equal([older, newer], list.Select(row => row.GetProperty("id").GetGuid()));
        Assert.Equal(1, list[0].GetProperty("usageCount").GetInt32());
        Assert.NotNull(list[0].GetProperty("lastUsedAt").GetString());
        Assert.Null(list[1].GetProperty("lastUsedAt").GetString());
    }

    [Fact]
    public async Task A_refused_campaign_is_no_use_of_its_template()
    {
        var (mine, yours) = (await Advisor.Of(app), await Advisor.Of(app));
        var template = await Template(mine, "Saludo", "Hola");

        (await mine.Post("/api/campaigns", new { name = "", objective = "ventas", templateId = template })).Is(HttpStatusCode.BadRequest);
        (await yours.Post("/api/campaigns", new { name = "Marzo", objective = "ventas", templateId = template })).Is(HttpStatusCode.BadRequest);

        Assert.Equal(0, (await mine.Get($"{TemplateCalls.Route}/{template}"))["usageCount"].GetInt32());
    }

    [Fact]
    public async Task A_template_may_have_4096_characters_and_no_more()
    {
        var advisor = await Advisor.Of(app);
        var most = string.Concat(Enumerable.Repeat("👋", 4096)); // each is two UTF-16 units and four bytes

        var kept = await advisor.Post(TemplateCalls.Route, new { name = "Largo", content = most });
        var refused = await advisor.Post(TemplateCalls.Route, new { name = "Más largo", content = most + "!" });

        Assert.Equal(most, kept["content"].GetString());
        refused.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(["content"], refused.WrongFields);
    }

    [Fact]
    public async Task A_preview_names_no_client_of_another_advisor()
    {
        var (mine, yours) = (await Advisor.Of(app), await Advisor.Of(app));
        var ana = await mine.HasClient("Ana");

        (await yours.Post($"{TemplateCalls.Route}/preview", new { content = "Hola {nombre_cliente}", clientId = ana }))
            .Is(HttpStatusCode.NotFound, "not-found");
        (await yours.Post($"{TemplateCalls.Route}/preview", new { content = "Hola", clientId = "ana" }))
            .Is(HttpStatusCode.BadRequest, "validation-failed");
    }

    [Theory]
    [InlineData("Ana {nombre_asesor} {telefono}")]
    [InlineData("$0 $1 (.*)[a-z]+\\d|^$")]
    [InlineData("مريم \u202E {fecha_actual}")]
    [InlineData("👩‍👩‍👧 Ñandú")]
    public async Task A_clients_name_is_previewed_as_it_is(string name)
    {
        var advisor = await Advisor.Of(app);
        var client = await advisor.HasClient(name);

        var preview = await advisor.Post($"{TemplateCalls.Route}/preview", new { content = "<{nombre_cliente}>", clientId = client });

        Assert.Equal($"<{name}>", preview["text"].GetString());
    }

    private static async Task<Guid> Template(Advisor advisor, string name, string content)
    {
        var created = await advisor.Post(TemplateCalls.Route, new { name, content });
        created.Is(HttpStatusCode.Created);
        return created.Id;
    }
}
