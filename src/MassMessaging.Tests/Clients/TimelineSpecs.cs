using System.Net;
using System.Text.Json;
using MassMessaging.Clients.Timeline;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Clients;

public sealed class TimelineSpecs(TestApp app) : IClassFixture<TestApp>
{
    private static readonly string[] fields =
    [
        "id", "at", "kind", "campaignId", "campaignName", "memberId", "variant", "text", "note", "status", "reason", "source",
    ];

    [Fact]
    public async Task Everything_between_advisor_and_client_is_told_newest_first()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Put("/api/profile", new { displayName = "Carla" });
        var (ana, campaign) = await WrittenTo(advisor);
        await advisor.Post($"/api/clients/{ana}/notes", new { note = "le interesa" });
        await advisor.Post($"/api/clients/{ana}/opt-out", new { reason = "BAJA" });

        var rows = await Rows(advisor, ana);

        Assert.Equal(fields, rows[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ["consent opt_out BAJA", "note le interesa ", "status read ", "status delivered ", "status sent ", "message read "],
            rows.Select(row => string.Join(' ', Parts(row))));
        Assert.Contains(Text(rows[^1], "text"), app.Simulator.Ledger.Entries.Select(entry => entry.Text)); // as the client reads it
        Assert.All(rows.Skip(2), row => Assert.Equal((campaign, "Marzo"), (row.GetProperty("campaignId").GetGuid(), Text(row, "campaignName"))));
        Assert.All(rows.Skip(2), row => Assert.Equal(rows[^1].GetProperty("memberId").GetGuid(), row.GetProperty("memberId").GetGuid()));
    }

    [Fact]
    public async Task What_the_client_wrote_back_is_told_with_its_campaign()
    {
        var advisor = await Advisor.Of(app);
        var (ana, campaign) = await WrittenTo(advisor);
        await app.Database.Execute($"""
            insert into campaign_reply (profile_id, id, campaign_id, member_id, client_id, text, at)
            select profile_id, gen_random_uuid(), campaign_id, id, client_id, '¿Cuánto cuesta? 🙂', '2099-01-01T00:00:00Z'
            from campaign_audience where client_id = '{ana}'
            """);

        var reply = (await Rows(advisor, ana))[0];

        Assert.Equal(("reply", "¿Cuánto cuesta? 🙂", "Marzo"), (Text(reply, "kind"), Text(reply, "text"), Text(reply, "campaignName")));
        Assert.Equal(campaign, reply.GetProperty("campaignId").GetGuid());
        Assert.Equal("5", (await advisor.Get($"/api/clients/{ana}/timeline")).Message.Headers.GetValues("X-Total-Count").Single());
    }

    [Fact]
    public async Task Every_step_of_a_message_names_the_variant_as_the_advisor_does()
    {
        var advisor = await Advisor.Of(app);
        var variants = new[]
        {
            new { name = "Corta", messageContent = "Hola {nombre_cliente}", share = 99 },
            new { name = "Larga", messageContent = "Buen día {nombre_cliente}", share = 1 },
        };
        var ana = await advisor.HasClient("Ana");
        await advisor.Post("/api/whatsapp/connect");
        var campaign = await advisor.Post("/api/campaigns", new { name = "A/B", objective = "ventas", variants, audience = new { all = true } });
        (await advisor.Post($"/api/campaigns/{campaign.Id}/send")).Is(HttpStatusCode.Accepted);
        await app.Settle();

        var rows = await Rows(advisor, ana);

        Assert.Equal(4, rows.Count);
        Assert.All(rows, row => Assert.Equal("Corta", Text(row, "variant")));
        Assert.Equal(1, rows.Count(row => Text(row, "text") is not null));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Pages_follow_one_another_without_a_gap_or_a_repeat(int limit)
    {
        var advisor = await Advisor.Of(app);
        var (ana, _) = await WrittenTo(advisor);
        for (var i = 0; i < 3; i++) await advisor.Post($"/api/clients/{ana}/notes", new { note = $"nota {i}" });
        await app.Database.Execute($"update client_note set created_at = '2026-01-01T00:00:00.1234Z' where client_id = '{ana}'"); // all at once
        var all = await Rows(advisor, ana);

        var paged = new List<JsonElement>();
        var next = $"/api/clients/{ana}/timeline?limit={limit}";
        while (next is not null)
        {
            var page = await advisor.Get(next);
            if (paged.Count == 0) Assert.Equal("7", page.Message.Headers.GetValues("X-Total-Count").Single());
            Assert.InRange(page.Body.GetArrayLength(), 1, limit);
            paged.AddRange(page.Body.EnumerateArray());
            next = page.Message.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
        }

        Assert.Equal(all.Select(row => Text(row, "id")), paged.Select(row => Text(row, "id")));
        Assert.Equal(7, all.Select(row => Text(row, "id")).Distinct().Count());
    }

    [Fact]
    public async Task Who_has_no_history_has_an_empty_one_and_another_advisors_client_none()
    {
        var (mine, yours) = (await Advisor.Of(app), await Advisor.Of(app));
        var ana = await mine.HasClient("Ana");

        Assert.Empty(await Rows(mine, ana));
        (await yours.Get($"/api/clients/{ana}/timeline")).Is(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task An_erased_client_has_no_timeline_and_the_campaign_shows_the_member_without_a_name()
    {
        var advisor = await Advisor.Of(app);
        var (ana, campaign) = await WrittenTo(advisor);
        var before = (await advisor.Get($"/api/campaigns/{campaign}")).Body.GetRawText();

        (await advisor.Delete($"/api/clients/{ana}")).Is(HttpStatusCode.NoContent);

        (await advisor.Get($"/api/clients/{ana}/timeline")).Is(HttpStatusCode.NotFound);
        var member = Assert.Single((await advisor.Get($"/api/campaigns/{campaign}/audience")).Body.EnumerateArray());
        Assert.DoesNotContain("Ana", member.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(before, (await advisor.Get($"/api/campaigns/{campaign}")).Body.GetRawText());
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from mt_events where data::text like '%Ana%' or data::text like '%+549%'"));
    }

    [Fact]
    public void An_id_says_where_the_next_page_goes_on()
    {
        var at = new DateTimeOffset(2026, 3, 1, 2, 5, 0, 123, TimeSpan.Zero);

        Assert.Equal(at.AddMilliseconds(1), TimelineId.End(TimelineId.Of(at, "sent", Guid.NewGuid())));
        Assert.True(TimelineId.Of(at, "read", Guid.AllBitsSet).CompareTo(TimelineId.Of(at, "sent", Guid.Empty)) > 0);
        Assert.True(TimelineId.Of(at, "read", Guid.AllBitsSet).CompareTo(TimelineId.Of(at.AddMilliseconds(1), "note", Guid.Empty)) < 0);
        Assert.True(TimelineId.End(Guid.AllBitsSet) > at);
    }

    private static string?[] Parts(JsonElement row) =>
        [.. new[] { "kind", "note", "status", "reason" }.Where(name => name is "kind" or "reason" || Text(row, name) is not null).Select(name => Text(row, name))];

    private static string? Text(JsonElement row, string field) => row.GetProperty(field).GetString();

    private static async Task<List<JsonElement>> Rows(Advisor advisor, Guid client) =>
        [.. (await advisor.Get($"/api/clients/{client}/timeline")).Body.EnumerateArray()];

    private async Task<(Guid Client, Guid Campaign)> WrittenTo(Advisor advisor)
    {
        var ana = await advisor.HasClient("Ana");
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var campaign = await advisor.HasDraft(new { all = true });
        (await advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await app.Settle();
        return (ana, campaign);
    }
}
