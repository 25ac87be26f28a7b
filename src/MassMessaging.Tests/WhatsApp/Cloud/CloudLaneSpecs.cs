using System.Net;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>What stops, slows and outlives a lane at Meta.</summary>
public sealed class CloudLaneSpecs(TestCluster cluster) : CloudCampaigns(cluster, "10000", "1")
{
    [Fact]
    public async Task A_token_that_is_taken_back_pauses_everything_with_the_reason()
    {
        var campaign = await Draft(Saludo, "Ana");
        Number.Account.IsRevoked = true;

        await Advisor.Post($"{campaign}/send");
        await App.Settle();

        var row = await Advisor.Get(campaign);
        Assert.Equal(("paused", "meta-190", 0), (row["status"].GetString(), row["statusReason"].GetString(), row["failedCount"].GetInt32()));
    }

    [Fact]
    public async Task Who_fails_afterwards_fails_with_Metas_code()
    {
        var campaign = await Draft(Saludo, "Ana");
        App.Simulator.Faults.Set(new Fault(FaultKind.ErrorAfter, Number.Id, Text: "131049"));

        await Advisor.Post($"{campaign}/send");
        await App.Settle();

        Assert.Equal("meta-131049", (await Advisor.Get($"{campaign}/audience?status=failed")).Body[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Another_gateway_pauses_what_is_being_sent_until_a_person_resumes_it()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        App.Simulator.Faults.Set(new Fault(FaultKind.MetaError, Number.Id, Text: "131016"));
        await Advisor.Post($"{campaign}/send");
        await App.Drain();
        App.Simulator.Faults.Clear();

        (await Advisor.Put("/api/whatsapp/config", new { gateway = "evolution" })).Is(HttpStatusCode.OK);
        await App.Drain();
        var paused = await Advisor.Get(campaign);
        await Advisor.Post("/api/whatsapp/connect");
        await App.Settle();
        await Advisor.Post($"{campaign}/resume");
        await App.Settle();

        Assert.Equal(("paused", "gateway-changed"), (paused["status"].GetString(), paused["statusReason"].GetString()));
        Assert.Equal(("sent", 2), ((await Advisor.Get(campaign))["status"].GetString(), (await Advisor.Get(campaign))["sentCount"].GetInt32()));
        Assert.All(App.Simulator.Ledger.Entries, entry => Assert.StartsWith("mm-", entry.Instance, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lane_at_Meta_keeps_80_a_second_whatever_its_pacing_says()
    {
        var campaign = await Draft(Saludo, [.. Enumerable.Range(0, 120).Select(index => $"c{index:000}")]);
        await Advisor.Post($"{campaign}/send");
        await App.Settle();

        Assert.Equal(120, App.Simulator.Ledger.Entries.Count);
        Assert.InRange(LedgerChecker.MostInWindow(App.Simulator.Ledger.Entries, TimeSpan.FromSeconds(1)), 1, 80);
        Assert.DoesNotContain(App.Simulator.Ledger.Received, send => send.Status == 400);
    }

    [Fact]
    public async Task Windows_go_with_the_client_and_by_themselves()
    {
        await Draft(null, "Ana");
        var phone = await Wrote("Ana");
        Writes("5215511112222");
        await App.Settle();
        Assert.Equal(
            [phone, "+525511112222"],
            (await App.Database.Value<string>("select string_agg(phone, ',' order by phone desc) from whatsapp_pair"))!.Split(','));

        var client = (await Advisor.Get("/api/clients?q=Ana")).Body[0].GetProperty("id").GetGuid();
        (await Advisor.Delete($"/api/clients/{client}")).Is(HttpStatusCode.NoContent);

        Assert.Equal("+525511112222", await App.Database.Value<string>("select string_agg(phone, ',') from whatsapp_pair"));
    }
}
