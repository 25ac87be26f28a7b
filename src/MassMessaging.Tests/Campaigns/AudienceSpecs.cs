using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns;

public sealed class AudienceSpecs(TestApp app) : IClassFixture<TestApp>
{
    private static readonly string[] RowFields =
    [
        "id", "profileId", "campaignId", "clientId", "whatsappMessageId", "gatewayMessageId", "status", "reason",
        "errorMessage", "attempts", "nextAttemptAt", "heldBy", "variant", "queuedAt", "attemptedAt", "sentAt", "deliveredAt", "readAt",
        "repliedAt", "failedAt", "createdAt",
    ];

    [Fact]
    public async Task The_default_audience_is_nobody()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Ana");

        var preview = await advisor.Post($"/api/campaigns/{await advisor.HasDraft()}/preview");

        Assert.Equal(0, preview["included"].GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, preview["estimate"].GetProperty("firstSendAt").ValueKind);
    }

    [Fact]
    public async Task The_audience_is_the_union_of_the_includes()
    {
        var advisor = await Advisor.Of(app);
        var ana = await advisor.HasClient("Ana");
        await advisor.HasClient("Bea", "afiliado");
        await advisor.HasClient("Caro", "prospecto");

        var draft = await advisor.HasDraft(new { clientIds = new[] { ana, Guid.NewGuid() }, labels = Labels("afiliado") });

        Assert.Equal(2, (await advisor.Post($"/api/campaigns/{draft}/preview"))["included"].GetInt32());
    }

    [Fact]
    public async Task Who_is_left_out_is_counted_by_reason()
    {
        var advisor = await Advisor.Of(app);
        var ana = await advisor.HasClient("Ana");
        var bea = await advisor.HasClient("Bea");
        var caro = await advisor.HasClient("Caro");
        var dora = await advisor.HasClient("Dora");
        await advisor.HasClient("Eva");
        var earlier = await advisor.HasDraft(new { clientIds = new[] { bea } });
        (await advisor.Post($"/api/campaigns/{earlier}/send")).Is(HttpStatusCode.Accepted);
        await app.Drain();
        await app.Database.Execute($"update client set opted_out_at = created_at where id = '{caro}'");
        await WasContacted(dora);

        var preview = await advisor.Post("/api/campaigns/" + await advisor.HasDraft(new
        {
            all = true, excludeClientIds = new[] { ana }, excludeCampaignIds = new[] { earlier }, notContactedSince = "2020-01-01T00:00:00Z",
        }) + "/preview");

        Assert.Equal(1, preview["included"].GetInt32());
        Assert.Equal(
            ["contacted-recently", "excluded-campaign", "excluded-client", "opted-out"],
            preview["excluded"].EnumerateArray().Select(count => count.GetProperty("reason").GetString()!).Order());
        Assert.All(preview["excluded"].EnumerateArray(), count => Assert.Equal(1, count.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task Who_was_never_written_to_is_without_contact()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Ana");
        var bea = await advisor.HasClient("Bea");
        await WasContacted(bea);

        var draft = await advisor.HasDraft(new { withoutContactDays = 30 });

        Assert.Equal(1, (await advisor.Post($"/api/campaigns/{draft}/preview"))["included"].GetInt32());
    }

    [Fact]
    public async Task A_preview_reads_as_the_recipients_will_and_sends_nothing()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Put("/api/profile", new { displayName = "Carla" });
        var ana = await advisor.HasClient("Ana {telefono}");
        var draft = await advisor.HasDraft(new { all = true });

        var preview = await advisor.Post($"/api/campaigns/{draft}/preview");
        await app.Drain();

        var sample = Assert.Single(preview["samples"].EnumerateArray());
        Assert.Equal((ana, "Hola Ana {telefono}\n— Carla"), (sample.GetProperty("clientId").GetGuid(), sample.GetProperty("text").GetString()));
        Assert.Equal(43.99, preview["estimate"].GetProperty("perMinute").GetDouble());
        Assert.Equal("draft", (await advisor.Get($"/api/campaigns/{draft}"))["status"].GetString());
    }

    [Fact]
    public async Task A_preview_of_a_scheduled_campaign_begins_at_its_start()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Ana");
        var draft = await advisor.HasDraft(new { all = true });
        var start = DateTimeOffset.UnixEpoch.AddYears(100);
        await advisor.Post($"/api/campaigns/{draft}/schedule", new { scheduledAt = start });

        var estimate = (await advisor.Post($"/api/campaigns/{draft}/preview"))["estimate"];

        Assert.Equal(start, estimate.GetProperty("firstSendAt").GetDateTimeOffset());
        Assert.Equal(start, estimate.GetProperty("finishAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_launched_audience_is_listed_filtered_paged_and_read()
    {
        var advisor = await Advisor.Of(app);
        var (campaign, clients) = await Launched(advisor, recipients: 3);
        var path = $"/api/campaigns/{campaign}/audience";

        var first = await advisor.Get($"{path}?limit=2&status=pending&replied=false");
        var second = await advisor.Get(first.Message.Headers.GetValues("Link").Single().Split('<', '>')[1]);
        var rows = first.Body.EnumerateArray().Concat(second.Body.EnumerateArray()).ToList();

        Assert.Equal((2, 1), (first.Body.GetArrayLength(), second.Body.GetArrayLength()));
        Assert.Equal("3", first.Message.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(clients.Order(), rows.Select(row => row.GetProperty("clientId").GetGuid()).Order());
        Assert.Equal(RowFields.Order(), rows[0].EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(rows[2].ToString(), (await advisor.Get($"{path}/{rows[2].GetProperty("id").GetGuid()}")).Body.ToString());
        Assert.Equal(0, (await advisor.Get($"{path}?status=sent")).Body.GetArrayLength());
        Assert.Equal(0, (await advisor.Get($"{path}?replied=true")).Body.GetArrayLength());
        (await advisor.Get($"{path}?status=missing")).Is(HttpStatusCode.BadRequest);
        (await advisor.Get($"{path}/{Guid.NewGuid()}")).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_waiting_member_of_a_held_lane_says_what_holds_it()
    {
        var advisor = await Advisor.Of(app);
        var (campaign, _) = await Launched(advisor, recipients: 1);
        await app.Database.Execute($"""
            update lane set held_by = 'instance-down', held_until = next_at + interval '1 hour'
            where profile_id = (select profile_id from campaign where id = '{campaign}')
            """);

        var member = (await advisor.Get($"/api/campaigns/{campaign}/audience")).Body[0];
        var row = await advisor.Get($"/api/campaigns/{campaign}");

        Assert.Equal(("instance-down", "instance-down"), (member.GetProperty("heldBy").GetString(), row["statusReason"].GetString()));
        Assert.Equal(row["heldUntil"].GetDateTimeOffset(), member.GetProperty("nextAttemptAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Whom_a_launch_left_out_is_listed_with_the_reason()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Ana");
        var bea = await advisor.HasClient("Bea");
        var campaign = await advisor.HasDraft(new { all = true, excludeClientIds = new[] { bea } });
        (await advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await app.Drain();

        var excluded = await advisor.Get($"/api/campaigns/{campaign}/excluded");

        var row = Assert.Single(excluded.Body.EnumerateArray());
        Assert.Equal((bea, "excluded-client"), (row.GetProperty("clientId").GetGuid(), row.GetProperty("reason").GetString()));
        Assert.Equal("1", excluded.Message.Headers.GetValues("X-Total-Count").Single());
    }

    private Task WasContacted(Guid client) => app.Database.Execute($"""
        insert into client_contact (profile_id, id, last_contact_at) select profile_id, id, created_at from client where id = '{client}'
        """);

    private static string[] Labels(params string[] labels) => labels;

    private async Task<(Guid Campaign, List<Guid> Clients)> Launched(Advisor advisor, int recipients)
    {
        var clients = new List<Guid>();
        for (var client = 0; client < recipients; client++) clients.Add(await advisor.HasClient($"Ana {client}"));
        var campaign = await advisor.HasDraft(new { all = true });
        (await advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None); // planned, and not sent
        return (campaign, clients);
    }
}
