using System.Net;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns;

public sealed class DraftingSpecs(TestApp app) : IClassFixture<TestApp>
{
    private static readonly string[] RowFields =
    [
        "id", "profileId", "templateId", "name", "objective", "messageContent", "totalRecipients", "sentCount", "deliveredCount", "readCount",
        "repliedCount", "failedCount", "skippedCount", "inDoubtCount", "pendingCount", "status", "statusReason", "heldUntil", "scheduledAt",
        "startedAt", "sentAt", "metaTemplate", "media", "variants", "warnings", "createdAt", "updatedAt",
    ];

    [Fact]
    public async Task A_new_campaign_is_a_draft_that_can_be_read_back()
    {
        var advisor = await Advisor.Of(app);

        var created = await advisor.Post(
            "/api/campaigns", new { name = "Marzo", objective = "ventas", messageContent = "Hola {nombre_cliente}" });
        var read = await advisor.Get(created.Message.Headers.Location!.ToString());

        created.Is(HttpStatusCode.Created);
        Assert.Equal($"/api/campaigns/{created.Id}", created.Message.Headers.Location.ToString());
        Assert.Equal("\"1\"", created.ETag);
        Assert.Equal(("draft", 0), (created["status"].GetString(), created["totalRecipients"].GetInt32()));
        Assert.Equal(RowFields.Order(), created.Body.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(created.Body.ToString(), read.Body.ToString());
        Assert.Equal(created.ETag, read.ETag);
    }

    [Fact]
    public async Task Everything_that_is_missing_is_named()
    {
        var refused = await (await Advisor.Of(app)).Post("/api/campaigns");

        refused.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(["messageContent", "name", "objective"], refused.WrongFields);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_named()
    {
        var refused = await (await Advisor.Of(app)).Post("/api/campaigns", new
        {
            name = new string('a', 256), objective = 7, messageContent = new string('a', 4097), templateId = Guid.NewGuid(),
            scheduledAt = "2020-01-01T00:00:00Z", audience = new { labels = "vip" }, metaTemplate = "x",
        });

        refused.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(
            ["audience.labels", "messageContent", "metaTemplate", "name", "objective", "scheduledAt", "templateId"], refused.WrongFields);
    }

    [Fact]
    public async Task An_unknown_variable_is_refused_by_name()
    {
        var refused = await (await Advisor.Of(app)).Post(
            "/api/campaigns", new { name = "a", objective = "b", messageContent = "Hola {nombre}" });

        refused.Is(HttpStatusCode.BadRequest, "template-variable-unknown");
        Assert.Contains("{nombre}", refused["detail"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_campaign_from_a_template_says_what_it_says_and_counts_as_its_use()
    {
        var advisor = await Advisor.Of(app);
        var template = await advisor.Post("/api/campaign-templates", new { name = "Saludo", content = "Buen día, {nombre_cliente}" });

        var created = await advisor.Post("/api/campaigns", new { name = "Marzo", objective = "ventas", templateId = template.Id });
        var used = await advisor.Get($"/api/campaign-templates/{template.Id}");

        created.Is(HttpStatusCode.Created);
        Assert.Equal(("Buen día, {nombre_cliente}", template.Id), (created["messageContent"].GetString(), created["templateId"].GetGuid()));
        Assert.Equal(1, used["usageCount"].GetInt32());
    }

    [Fact]
    public async Task A_refused_campaign_counts_as_no_use()
    {
        var advisor = await Advisor.Of(app);
        var template = await advisor.Post("/api/campaign-templates", new { name = "Saludo", content = "Buen día" });

        (await advisor.Post("/api/campaigns", new { objective = "ventas", templateId = template.Id })).Is(HttpStatusCode.BadRequest);

        Assert.Equal(0, (await advisor.Get($"/api/campaign-templates/{template.Id}"))["usageCount"].GetInt32());
    }

    [Fact]
    public async Task With_a_start_it_is_scheduled()
    {
        var at = DateTimeOffset.UnixEpoch.AddYears(100);

        var created = await (await Advisor.Of(app)).Post(
            "/api/campaigns", new { name = "Marzo", objective = "ventas", messageContent = "Hola", scheduledAt = at });

        created.Is(HttpStatusCode.Created);
        Assert.Equal(("scheduled", at), (created["status"].GetString(), created["scheduledAt"].GetDateTimeOffset()));
    }

    [Fact]
    public async Task A_metas_template_is_kept_with_it()
    {
        var meta = new { name = "saludo", language = "es_AR", parameters = new[] { "{nombre_cliente}" } };

        var created = await (await Advisor.Of(app)).Post(
            "/api/campaigns", new { name = "Marzo", objective = "ventas", messageContent = "Hola", metaTemplate = meta });

        Assert.Equal("es_AR", created["metaTemplate"].GetProperty("language").GetString());
    }

    [Fact]
    public async Task A_questionable_message_comes_with_warnings()
    {
        var advisor = await Advisor.Of(app);

        var draft = await advisor.HasDraft(messageContent: "Llamame al {telefono}");

        var warning = (await advisor.Get($"/api/campaigns/{draft}"))["warnings"][0];
        Assert.Equal("telefono-is-the-clients", warning.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_list_is_paged_newest_first()
    {
        var advisor = await Advisor.Of(app);
        var oldest = await advisor.HasDraft();
        var middle = await advisor.HasDraft();
        var newest = await advisor.HasDraft();

        var first = await advisor.Get("/api/campaigns?limit=2");
        var second = await advisor.Get(first.Message.Headers.GetValues("Link").Single().Split('<', '>')[1]);

        Assert.Equal([newest, middle], Ids(first));
        Assert.Equal([oldest], Ids(second));
        Assert.Equal("3", first.Message.Headers.GetValues("X-Total-Count").Single());
        Assert.False(second.Message.Headers.Contains("Link") || second.Message.Headers.Contains("X-Total-Count"));
    }

    [Fact]
    public async Task The_list_is_filtered_by_status()
    {
        var advisor = await Advisor.Of(app);
        var cancelled = await advisor.HasDraft();
        await advisor.HasDraft();
        (await advisor.Post($"/api/campaigns/{cancelled}/cancel")).Is(HttpStatusCode.OK);

        var list = await advisor.Get("/api/campaigns?status=cancelled");

        Assert.Equal([cancelled], Ids(list));
        Assert.Equal("1", list.Message.Headers.GetValues("X-Total-Count").Single());
    }

    [Theory]
    [InlineData("status=deleted", "status")]
    [InlineData("status=missing", "status")]
    [InlineData("limit=0", "limit")]
    public async Task A_wrong_filter_is_named(string query, string field)
    {
        var refused = await (await Advisor.Of(app)).Get($"/api/campaigns?{query}");

        refused.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal([field], refused.WrongFields);
    }

    private static List<Guid> Ids(Answer list) => [.. list.Body.EnumerateArray().Select(row => row.GetProperty("id").GetGuid())];
}
