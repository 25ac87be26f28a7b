using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>Meta says that one person was sent too much: that person waits, and everybody who looks is told until when.</summary>
public sealed class PairLimitSpecs(TestCluster cluster) : CloudCampaigns(cluster)
{
    [Fact]
    public async Task It_holds_one_person_with_the_reason_until_when_and_the_others_go()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        await Held("Ana", campaign);

        var until = await Until();
        var waiting = (await Advisor.Get($"{campaign}/audience?status=pending")).Body[0];
        var sent = (await Advisor.Get($"{campaign}/audience?status=read")).Body[0];
        Assert.Equal(("pair-limit", until), (waiting.GetProperty("heldBy").GetString(), waiting.GetProperty("nextAttemptAt").GetDateTimeOffset()));
        Assert.Null(sent.GetProperty("heldBy").GetString());

        await Freed();
        Assert.Equal("idle", (await Advisor.Get("/api/whatsapp/lane"))["state"].GetString());
        Assert.Equal(2, (await Advisor.Get(campaign))["sentCount"].GetInt32());
    }

    [Fact]
    public async Task While_it_holds_all_who_wait_campaign_and_lane_say_so()
    {
        var campaign = await Draft(Saludo, "Ana");
        await Held("Ana", campaign);

        var until = await Until();
        var (row, lane) = (await Advisor.Get(campaign), await Advisor.Get("/api/whatsapp/lane"));
        Assert.Equal(
            ("sending", "pair-limit", until),
            (row["status"].GetString(), row["statusReason"].GetString(), row["heldUntil"].GetDateTimeOffset()));
        Assert.Equal(
            ("held", "pair-limit", until),
            (lane["state"].GetString(), lane["heldBy"].GetString(), lane["until"].GetDateTimeOffset()));

        await Freed();
        Assert.Equal(("sent", null), ((await Advisor.Get(campaign))["status"].GetString(), (await Advisor.Get(campaign))["statusReason"].GetString()));
    }

    /// <summary>Sent, but for one whom Meta has held for an hour.</summary>
    private async Task Held(string name, string campaign)
    {
        var phone = (await Advisor.Get($"/api/clients?q={name}")).Body[0].GetProperty("phone").GetString()!;
        App.Simulator.Faults.Set(new Fault(FaultKind.MetaError, Number.Id, phone[^6..], Text: "131056"));
        await Advisor.Post($"{campaign}/send");
        await App.Settle();
        await App.Database.Execute("update whatsapp_pair set held_until = date_trunc('second', now()) + interval '1 hour'");
    }

    private async Task<DateTimeOffset> Until() =>
        new(await App.Database.Value<DateTime>("select held_until from whatsapp_pair where held_until is not null"), TimeSpan.Zero);

    private async Task Freed()
    {
        App.Simulator.Faults.Clear();
        await App.Database.Execute("update whatsapp_pair set held_until = null");
        await App.Settle();
    }
}
