using System.Net;
using MassMessaging.Simulator;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>Campaigns through Meta's Cloud API, from the click to the receipts.</summary>
public sealed class CloudCampaignSpecs(TestCluster cluster) : IAsyncLifetime
{
    private static readonly object Saludo = new { name = "saludo", language = "es_AR", parameters = new[] { "{nombre_cliente}", "Julia" } };

    private TestApp app = null!;
    private CloudAdvisor cloud = null!;

    private Advisor Advisor => cloud.Advisor;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(
            cluster, new TestAppOptions { Settings = new Dictionary<string, string> { ["Pacing:Messages"] = "10000", ["Pacing:PerSeconds"] = "1" } });
        cloud = await CloudAdvisor.Of(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Inside_the_window_the_text_goes_and_outside_it_the_template()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        await Wrote("Ana");

        await Advisor.Post($"{campaign}/send");
        await app.Settle();

        var row = await Advisor.Get(campaign);
        Assert.Equal(("sent", 2, 2), (row["status"].GetString(), row["deliveredCount"].GetInt32(), row["readCount"].GetInt32()));
        Assert.Equal(
            [("Hola Ana", null), ("Hola Beto, soy Julia. Tengo novedades que te pueden interesar. ¿Te cuento?", "saludo")],
            app.Simulator.Ledger.Entries.OrderBy(entry => entry.Text).Select(entry => (entry.Text.Split('\n')[0], entry.Template)));
    }

    [Fact]
    public async Task Outside_the_window_without_a_template_they_are_left_out()
    {
        var campaign = await Draft(null, "Ana", "Beto", "Carla");
        await Wrote("Beto");

        await Advisor.Post($"{campaign}/send");
        await app.Settle();

        var row = await Advisor.Get(campaign);
        Assert.Equal(("sent", 1, 2), (row["status"].GetString(), row["sentCount"].GetInt32(), row["skippedCount"].GetInt32()));
        Assert.All(
            (await Advisor.Get($"{campaign}/audience?status=skipped")).Body.EnumerateArray(),
            member => Assert.Equal("window-closed", member.GetProperty("reason").GetString()));
        Assert.Single(app.Simulator.Ledger.Entries);
    }

    [Fact]
    public async Task A_window_that_Meta_has_closed_already_is_closed_for_us_too()
    {
        var campaign = await Draft(Saludo, "Ana");
        await Wrote("Ana");
        app.Simulator.Faults.Set(new Fault(FaultKind.MetaError, cloud.Number.Id, Text: "131047", Times: 1));

        await Advisor.Post($"{campaign}/send");
        await app.Settle();

        Assert.Equal("saludo", Assert.Single(app.Simulator.Ledger.Entries).Template);
        Assert.Equal(2, app.Simulator.Ledger.Received.Count);
    }

    [Fact]
    public async Task The_pair_limit_holds_one_person_and_the_others_go()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        app.Simulator.Faults.Set(new Fault(FaultKind.MetaError, cloud.Number.Id, Text: "131056", Times: 1));

        await Advisor.Post($"{campaign}/send");
        await app.Settle();
        var held = await Advisor.Get(campaign);
        await app.Database.Execute("update whatsapp_pair set held_until = null");
        await app.Settle();

        Assert.Equal((1, 1), (held["sentCount"].GetInt32(), held["pendingCount"].GetInt32()));
        Assert.Equal("idle", (await Advisor.Get("/api/whatsapp/lane"))["state"].GetString());
        Assert.Equal(2, (await Advisor.Get(campaign))["sentCount"].GetInt32());
    }

    [Fact]
    public async Task Two_campaigns_to_one_person_keep_six_seconds_between_them()
    {
        var first = await Draft(Saludo, "Ana");
        var second = await Advisor.Post("/api/campaigns", new
        {
            name = "b", objective = "ventas", messageContent = "Hola", audience = new { all = true }, metaTemplate = Saludo,
        });

        await Advisor.Post($"{first}/send");
        await Advisor.Post($"/api/campaigns/{second.Id}/send");
        await app.Settle();
        Assert.Single(app.Simulator.Ledger.Entries);

        await app.Database.Execute("update campaign_audience set attempted_at = attempted_at - interval '7 seconds'");
        await app.Settle();
        Assert.Equal(2, app.Simulator.Ledger.Entries.Count);
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_known_by_the_first_status()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        app.Simulator.Faults.Set(new Fault(FaultKind.CloseAfter, cloud.Number.Id));

        await Advisor.Post($"{campaign}/send");
        await app.Settle();
        await app.Database.Execute("update lane set held_until = null");
        await app.Settle();

        var row = await Advisor.Get(campaign);
        Assert.Equal(("sent", 2, 0, 2), (
            row["status"].GetString(), row["sentCount"].GetInt32(), row["inDoubtCount"].GetInt32(), row["readCount"].GetInt32()));
        Assert.Equal(2, app.Simulator.Ledger.Entries.Count);
    }

    [Theory]
    [InlineData("PAUSED", "meta-132015")]
    [InlineData("DISABLED", "meta-132016")]
    [InlineData("PENDING", "meta-132001")]
    public async Task A_template_that_is_not_to_be_had_stops_its_campaign_and_no_other(string status, string reason)
    {
        app.Simulator.Cloud.AddTemplate(cloud.Number.Account.Id, "promo", "es_AR", "Hola", status);
        var stopped = await Draft(new { name = "promo", language = "es_AR", parameters = Array.Empty<string>() }, "Ana");
        await Advisor.Post($"{stopped}/send");
        await app.Settle();
        var other = await Draft(Saludo, "Beto");
        await Advisor.Post($"{other}/send");
        await app.Database.Execute("update campaign_audience set attempted_at = attempted_at - interval '7 seconds'");
        await app.Settle();

        var row = await Advisor.Get(stopped);
        Assert.Equal(("paused", reason, 1), (row["status"].GetString(), row["statusReason"].GetString(), row["pendingCount"].GetInt32()));
        Assert.Equal(2, (await Advisor.Get(other))["sentCount"].GetInt32());
    }

    [Fact]
    public async Task A_token_that_is_taken_back_pauses_everything_with_the_reason()
    {
        var campaign = await Draft(Saludo, "Ana");
        cloud.Number.Account.IsRevoked = true;

        await Advisor.Post($"{campaign}/send");
        await app.Settle();

        var row = await Advisor.Get(campaign);
        Assert.Equal(("paused", "meta-190", 0), (row["status"].GetString(), row["statusReason"].GetString(), row["failedCount"].GetInt32()));
    }

    [Fact]
    public async Task Who_fails_afterwards_fails_with_Metas_code()
    {
        var campaign = await Draft(Saludo, "Ana");
        app.Simulator.Faults.Set(new Fault(FaultKind.ErrorAfter, cloud.Number.Id, Text: "131049"));

        await Advisor.Post($"{campaign}/send");
        await app.Settle();

        Assert.Equal("meta-131049", (await Advisor.Get($"{campaign}/audience?status=failed")).Body[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Another_gateway_pauses_what_is_being_sent_until_a_person_resumes_it()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        app.Simulator.Faults.Set(new Fault(FaultKind.MetaError, cloud.Number.Id, Text: "131016"));
        await Advisor.Post($"{campaign}/send");
        await app.Drain();
        app.Simulator.Faults.Clear();

        (await Advisor.Put("/api/whatsapp/config", new { gateway = "evolution" })).Is(HttpStatusCode.OK);
        await app.Drain();
        var paused = await Advisor.Get(campaign);
        await Advisor.Post("/api/whatsapp/connect");
        await app.Settle();
        await Advisor.Post($"{campaign}/resume");
        await app.Settle();

        Assert.Equal(("paused", "gateway-changed"), (paused["status"].GetString(), paused["statusReason"].GetString()));
        Assert.Equal(("sent", 2), ((await Advisor.Get(campaign))["status"].GetString(), (await Advisor.Get(campaign))["sentCount"].GetInt32()));
        Assert.All(app.Simulator.Ledger.Entries, entry => Assert.StartsWith("mm-", entry.Instance, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lane_at_Meta_keeps_80_a_second_whatever_its_pacing_says()
    {
        var campaign = await Draft(Saludo, [.. Enumerable.Range(0, 120).Select(index => $"c{index:000}")]);
        await Advisor.Post($"{campaign}/send");
        await app.Settle();

        Assert.Equal(120, app.Simulator.Ledger.Entries.Count);
        Assert.InRange(LedgerChecker.MostInWindow(app.Simulator.Ledger.Entries, TimeSpan.FromSeconds(1)), 1, 80);
        Assert.DoesNotContain(app.Simulator.Ledger.Received, send => send.Status == 400);
    }

    [Fact]
    public async Task Windows_go_with_the_client_and_by_themselves()
    {
        await Draft(null, "Ana");
        var phone = await Wrote("Ana");
        cloud.Writes("5215511112222");
        await app.Settle();
        Assert.Equal(
            [phone, "+525511112222"],
            (await app.Database.Value<string>("select string_agg(phone, ',' order by phone desc) from whatsapp_pair"))!.Split(','));

        var client = (await Advisor.Get("/api/clients?q=Ana")).Body[0].GetProperty("id").GetGuid();
        (await Advisor.Delete($"/api/clients/{client}")).Is(HttpStatusCode.NoContent);

        Assert.Equal("+525511112222", await app.Database.Value<string>("select string_agg(phone, ',') from whatsapp_pair"));
    }

    private async Task<string> Wrote(string name)
    {
        var phone = (await Advisor.Get($"/api/clients?q={name}")).Body[0].GetProperty("phone").GetString()!;
        cloud.Writes(phone);
        await app.Settle();
        return phone;
    }

    private async Task<string> Draft(object? metaTemplate, params string[] names)
    {
        foreach (var name in names) await Advisor.HasClient(name);
        var created = await Advisor.Post("/api/campaigns", new
        {
            name = "Marzo", objective = "ventas", messageContent = "Hola {nombre_cliente}", audience = new { all = true }, metaTemplate,
        });
        created.Is(HttpStatusCode.Created);
        return $"/api/campaigns/{created.Id}";
    }
}
