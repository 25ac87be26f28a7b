using System.Net;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>A campaign from the click to the read receipts, through the real service and the simulated gateway.</summary>
public sealed class SentCampaignSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestApp app = null!;

    public async ValueTask InitializeAsync() => app = await TestApp.Start(
        cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Everybody_is_written_to_once_and_their_receipts_come_back()
    {
        var (advisor, campaign) = await Draft("Ana", "Beto", "Carla");

        await advisor.Post($"{campaign}/send");
        await app.Settle();

        var row = await advisor.Get(campaign);
        Assert.Equal("sent", row["status"].GetString());
        Assert.Equal((3, 3, 3, 3, 0), Counters(row));
        Assert.Equal(["Hola Ana", "Hola Beto", "Hola Carla"], app.Simulator.Ledger.Entries.Select(entry => entry.Text).Order());
        var audience = await advisor.Get($"{campaign}/audience");
        Assert.All(audience.Body.EnumerateArray(), member =>
        {
            Assert.Equal("read", member.GetProperty("status").GetString());
            Assert.Contains(app.Simulator.Ledger.Entries, entry => entry.KeyId == member.GetProperty("gatewayMessageId").GetString());
        });
    }

    [Fact]
    public async Task A_number_that_is_not_on_whatsapp_fails_for_good_and_the_gateways_words_stay_beside_the_log()
    {
        var (advisor, campaign) = await Draft("Ana", "Beto");
        app.Simulator.Faults.Set(new Fault(FaultKind.NotOnWhatsapp, Times: 1));

        await advisor.Post($"{campaign}/send");
        await app.Settle();

        Assert.Equal((2, 1, 1, 1, 1), Counters(await advisor.Get(campaign)));
        var failed = (await advisor.Get($"{campaign}/audience?status=failed")).Body[0];
        Assert.Equal("not-on-whatsapp", failed.GetProperty("reason").GetString());
        Assert.NotNull(failed.GetProperty("errorMessage").GetString());
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from mt_events where data::text like '%exists%' or data::text like '%+54%'"));
    }

    [Fact]
    public async Task Who_is_erased_before_their_turn_is_left_out_and_leaves_no_name_behind()
    {
        var (advisor, campaign) = await Draft("Ana", "Beto");
        var client = (await advisor.Get("/api/clients?q=Ana")).Body[0].GetProperty("id").GetGuid();
        app.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed));
        await advisor.Post($"{campaign}/send");
        await app.Drain();

        (await advisor.Delete($"/api/clients/{client}")).Is(HttpStatusCode.NoContent);
        app.Simulator.Faults.Clear();
        await app.Database.Execute("update lane set held_until = null");
        await app.Settle();

        var row = await advisor.Get(campaign);
        Assert.Equal("sent", row["status"].GetString());
        Assert.Equal(1, row["skippedCount"].GetInt32());
        Assert.DoesNotContain(app.Simulator.Ledger.Entries, entry => entry.Text.StartsWith("Hola Ana", StringComparison.Ordinal));
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from campaign_recipient where name = 'Ana'"));
    }

    [Fact]
    public async Task An_instance_that_is_down_holds_the_lane_and_fails_nobody()
    {
        var (advisor, campaign) = await Draft("Ana", "Beto");
        app.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed));

        await advisor.Post($"{campaign}/send");
        await app.Drain();

        var held = await advisor.Get(campaign);
        Assert.Equal(("sending", "instance-down"), (held["status"].GetString(), held["statusReason"].GetString()));
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, held["heldUntil"].ValueKind);
        var lane = await advisor.Get("/api/whatsapp/lane");
        Assert.Equal(("held", "instance-down", 2), (lane["state"].GetString(), lane["heldBy"].GetString(), lane["pending"].GetInt32()));
    }

    [Fact]
    public async Task A_key_that_the_gateway_refuses_pauses_the_campaign_until_a_person_resumes_it()
    {
        var (advisor, campaign) = await Draft("Ana", "Beto");
        app.Simulator.Faults.Set(new Fault(FaultKind.Unauthorized, Times: 1));
        await advisor.Post($"{campaign}/send");
        await app.Drain();
        Assert.Equal("paused", (await advisor.Get(campaign))["status"].GetString());

        app.Simulator.Faults.Clear();
        await app.Database.Execute("update lane set held_until = null");
        (await advisor.Post($"{campaign}/resume")).Is(HttpStatusCode.OK);
        await app.Settle();

        Assert.Equal("sent", (await advisor.Get(campaign))["status"].GetString());
    }

    [Fact]
    public async Task What_may_have_been_sent_is_in_doubt_never_resent_and_the_campaign_says_so()
    {
        var (advisor, campaign) = await Draft("Ana", "Beto");
        app.Simulator.Faults.Set(new Fault(FaultKind.CloseAfter, Times: 1));

        await advisor.Post($"{campaign}/send");
        await app.Settle();

        var row = await advisor.Get(campaign);
        Assert.Equal(("sent", "in-doubt", 1), (row["status"].GetString(), row["statusReason"].GetString(), row["inDoubtCount"].GetInt32()));
        Assert.Equal(2, app.Simulator.Ledger.Entries.Count);
    }

    [Fact]
    public async Task A_webhook_that_comes_before_the_answer_is_not_lost()
    {
        var (advisor, campaign) = await Draft("Ana");
        app.Simulator.Faults.Set(new Fault(FaultKind.AnswerDelay, Milliseconds: 400));

        await advisor.Post($"{campaign}/send");
        await app.Settle();

        Assert.Equal((1, 1, 1, 1, 0), Counters(await advisor.Get(campaign)));
    }

    [Fact]
    public async Task Who_is_erased_while_being_attempted_is_left_out_and_holds_nobody_up()
    {
        var (advisor, campaign) = await Draft("Ana", "Beto", "Carla");
        app.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed));
        await advisor.Post($"{campaign}/send");
        await app.Drain();
        await app.Database.Execute("delete from campaign_recipient where name = 'Ana'"); // as an erasure during the call leaves it

        app.Simulator.Faults.Clear();
        await app.Database.Execute("update lane set held_until = null");
        await app.Settle();

        var row = await advisor.Get(campaign);
        Assert.Equal(("sent", 1, 2), (row["status"].GetString(), row["skippedCount"].GetInt32(), row["sentCount"].GetInt32()));
    }

    [Fact]
    public async Task A_gateway_that_leaves_everything_in_doubt_is_tried_less_and_less_often()
    {
        var (advisor, campaign) = await Draft("Ana", "Beto", "Carla");
        await advisor.Put("/api/whatsapp/pacing", new { maxInFlight = 1 });
        app.Simulator.Faults.Set(new Fault(FaultKind.BadGateway));

        await advisor.Post($"{campaign}/send");
        await app.Drain();

        var row = await advisor.Get(campaign);
        Assert.Equal(("sending", "gateway-unsure", 1), (row["status"].GetString(), row["statusReason"].GetString(), row["inDoubtCount"].GetInt32()));
    }

    [Fact]
    public async Task A_changed_rate_waits_until_the_old_windows_are_over()
    {
        var (advisor, campaign) = await Draft("Ana");
        await advisor.Post($"{campaign}/send");
        await app.Settle();
        await advisor.Put("/api/whatsapp/pacing", new { messages = 5, perSeconds = 60 });
        await advisor.HasClient("Beto");
        var next = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";

        await advisor.Post($"{next}/send");
        await app.Drain();

        var row = await advisor.Get(next);
        Assert.Equal(("sending", "rate-changed", 0), (row["status"].GetString(), row["statusReason"].GetString(), row["sentCount"].GetInt32()));
    }

    private async Task<(Advisor Advisor, string Campaign)> Draft(params string[] clients)
    {
        var advisor = await Advisor.Of(app);
        foreach (var name in clients) await advisor.HasClient(name);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        (await advisor.Put("/api/profile", new { identification = new { enabled = false } })).Is(HttpStatusCode.OK); // texts as written
        return (advisor, $"/api/campaigns/{await advisor.HasDraft(new { all = true })}");
    }

    private static (int Total, int Sent, int Delivered, int Read, int Failed) Counters(Answer row) => (
        row["totalRecipients"].GetInt32(), row["sentCount"].GetInt32(), row["deliveredCount"].GetInt32(), row["readCount"].GetInt32(),
        row["failedCount"].GetInt32());
}
