using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.OpenApi;

/// <summary>
/// The rows that the mission's frontend reads, as its TypeScript types name them: what stands here may be added to, never renamed.
/// </summary>
public sealed class MissionRowsSpecs(TestApp app) : IClassFixture<TestApp>
{
    private static readonly string[] Client =
    [
        "id: uuid", "profileId: uuid", "healthSurveyId: uuid | null", "name: text", "phone: text", "email: text | null",
        "label: consumidor, prospecto, afiliado", "lastContactAt: time | null", "createdAt: time", "updatedAt: time",
    ];

    private static readonly string[] ClientNote = ["id: uuid", "clientId: uuid", "profileId: uuid", "note: text", "createdAt: time"];

    private static readonly string[] CampaignTemplate =
    [
        "id: uuid", "profileId: uuid", "name: text", "content: text", "objective: text | null", "variables: texts", "usageCount: whole",
        "lastUsedAt: time | null", "createdAt: time", "updatedAt: time",
    ];

    private static readonly string[] Campaign =
    [
        "id: uuid", "profileId: uuid", "templateId: uuid | null", "name: text", "objective: text", "messageContent: text",
        "totalRecipients: whole", "sentCount: whole", "deliveredCount: whole", "failedCount: whole",
        "status: draft, scheduled, sending, paused, sent, failed, cancelled", "scheduledAt: time | null", "sentAt: time | null",
        "createdAt: time", "updatedAt: time",
    ];

    private static readonly string[] CampaignAudience =
    [
        "id: uuid", "profileId: uuid", "campaignId: uuid", "clientId: uuid", "whatsappMessageId: uuid | null",
        "status: pending, sending, sent, delivered, read, failed, skipped, in_doubt", "sentAt: time | null", "deliveredAt: time | null",
        "errorMessage: text | null", "createdAt: time",
    ];

    private static readonly string[] BulkCreated = ["successful: whole", "failed: whole", "total: whole"];

    [Fact]
    public async Task A_client_and_its_notes_are_as_the_frontend_knows_them()
    {
        var advisor = await Advisor.Of(app);
        var id = await advisor.HasClient("María López");

        Is(Client, (await advisor.Get($"/api/clients/{id}")).Body);
        Is(Client, (await advisor.Get("/api/clients")).Body[0]);
        Is(ClientNote, (await advisor.Post($"/api/clients/{id}/notes", new { note = "Prefiere la tarde" })).Body);
    }

    [Fact]
    public async Task A_template_used_or_not_is_as_the_frontend_knows_it()
    {
        var advisor = await Advisor.Of(app);
        var created = await advisor.Post("/api/campaign-templates", new { name = "Hola", content = "Hola {nombre_cliente}" });

        Is(CampaignTemplate, created.Body);
        Is(CampaignTemplate, (await advisor.Post($"/api/campaign-templates/{created.Id}/use")).Body);
    }

    [Fact]
    public async Task A_campaign_and_its_recipients_are_as_the_frontend_knows_them_before_and_after_sending()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("María López");
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var draft = await advisor.HasDraft(new { all = true });

        Is(Campaign, (await advisor.Get($"/api/campaigns/{draft}")).Body);
        Is(Campaign, (await advisor.Post($"/api/campaigns/{draft}/send")).Body);
        await app.Settle();
        Is(Campaign, (await advisor.Get($"/api/campaigns/{draft}")).Body);
        Is(CampaignAudience, (await advisor.Get($"/api/campaigns/{draft}/audience")).Body[0]);
    }

    [Fact]
    public async Task Converted_surveys_are_counted_as_the_frontend_reads_them()
    {
        var advisor = await Advisor.Of(app);
        var answer = await advisor.Http.PostAsJsonAsync("/api/health-survey/bulk-create-clients", new { surveyIds = new[] { Guid.NewGuid() } });

        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        Is(BulkCreated, await answer.Json());
    }

    private static void Is(string[] type, JsonElement row) => Assert.All(type, field =>
    {
        var (name, kind) = field.Split(": ") is [var before, var behind] ? (before, behind) : default;
        Assert.True(row.TryGetProperty(name, out var value), $"{name} is missing");
        Assert.True(Fits(kind, value), $"{name} is {value}, no {kind}");
    });

    private static bool Fits(string kind, JsonElement value) => kind.EndsWith(" | null", StringComparison.Ordinal) && value.ValueKind == JsonValueKind.Null
        || kind.Replace(" | null", "", StringComparison.Ordinal) switch
        {
            "uuid" => value.ValueKind == JsonValueKind.String && value.TryGetGuid(out _),
            "time" => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _),
            "text" => value.ValueKind == JsonValueKind.String,
            "texts" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String),
            "whole" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            var words => value.ValueKind == JsonValueKind.String && words.Split(", ").Contains(value.GetString()),
        };
}
