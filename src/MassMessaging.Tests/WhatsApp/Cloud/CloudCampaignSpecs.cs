using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>Who gets what through Meta's Cloud API, from the click to the receipts.</summary>
public sealed class CloudCampaignSpecs(TestCluster cluster) : CloudCampaigns(cluster)
{
    [Fact]
    public async Task Inside_the_window_the_text_goes_and_outside_it_the_template()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        await Wrote("Ana");

        await Advisor.Post($"{campaign}/send");
        await App.Settle();

        var row = await Advisor.Get(campaign);
        Assert.Equal(("sent", 2, 2), (row["status"].GetString(), row["deliveredCount"].GetInt32(), row["readCount"].GetInt32()));
        Assert.Equal(
            [("Hola Ana", null), ("Hola Beto, soy Julia. Tengo novedades que te pueden interesar. ¿Te cuento?", "saludo")],
            App.Simulator.Ledger.Entries.OrderBy(entry => entry.Text).Select(entry => (entry.Text.Split('\n')[0], entry.Template)));
    }

    [Fact]
    public async Task Outside_the_window_without_a_template_they_are_left_out()
    {
        var campaign = await Draft(null, "Ana", "Beto", "Carla");
        await Wrote("Beto");

        await Advisor.Post($"{campaign}/send");
        await App.Settle();

        var row = await Advisor.Get(campaign);
        Assert.Equal(("sent", 1, 2), (row["status"].GetString(), row["sentCount"].GetInt32(), row["skippedCount"].GetInt32()));
        Assert.All(
            (await Advisor.Get($"{campaign}/audience?status=skipped")).Body.EnumerateArray(),
            member => Assert.Equal("window-closed", member.GetProperty("reason").GetString()));
        Assert.Single(App.Simulator.Ledger.Entries);
    }

    [Fact]
    public async Task A_window_that_Meta_has_closed_already_is_closed_for_us_too()
    {
        var campaign = await Draft(Saludo, "Ana");
        await Wrote("Ana");
        App.Simulator.Faults.Set(new Fault(FaultKind.MetaError, Number.Id, Text: "131047", Times: 1));

        await Advisor.Post($"{campaign}/send");
        await App.Settle();

        Assert.Equal("saludo", Assert.Single(App.Simulator.Ledger.Entries).Template);
        Assert.Equal(2, App.Simulator.Ledger.Received.Count);
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
        await App.Settle();
        Assert.Single(App.Simulator.Ledger.Entries);

        await App.Database.Execute("update campaign_audience set attempted_at = attempted_at - interval '7 seconds'");
        await App.Settle();
        Assert.Equal(2, App.Simulator.Ledger.Entries.Count);
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_known_by_the_first_status()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        App.Simulator.Faults.Set(new Fault(FaultKind.CloseAfter, Number.Id));

        await Advisor.Post($"{campaign}/send");
        await App.Settle();
        await App.Database.Execute("update lane set held_until = null");
        await App.Settle();

        var row = await Advisor.Get(campaign);
        Assert.Equal(("sent", 2, 0, 2), (
            row["status"].GetString(), row["sentCount"].GetInt32(), row["inDoubtCount"].GetInt32(), row["readCount"].GetInt32()));
        Assert.Equal(2, App.Simulator.Ledger.Entries.Count);
    }

    [Theory]
    [InlineData("PAUSED", "meta-132015")]
    [InlineData("DISABLED", "meta-132016")]
    [InlineData("PENDING", "meta-132001")]
    public async Task A_template_that_is_not_to_be_had_stops_its_campaign_and_no_other(string status, string reason)
    {
        App.Simulator.Cloud.AddTemplate(Number.Account.Id, "promo", "es_AR", "Hola", status);
        var stopped = await Draft(new { name = "promo", language = "es_AR", parameters = Array.Empty<string>() }, "Ana");
        await Advisor.Post($"{stopped}/send");
        await App.Settle();
        var other = await Draft(Saludo, "Beto");
        await Advisor.Post($"{other}/send");
        await App.Database.Execute("update campaign_audience set attempted_at = attempted_at - interval '7 seconds'");
        await App.Settle();

        var row = await Advisor.Get(stopped);
        Assert.Equal(("paused", reason, 1), (row["status"].GetString(), row["statusReason"].GetString(), row["pendingCount"].GetInt32()));
        Assert.Equal(2, (await Advisor.Get(other))["sentCount"].GetInt32());
    }
}
