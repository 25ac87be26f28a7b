using System.Net;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>A campaign's first messages, and what they do to the others.</summary>
public sealed class CanarySpecs(TestCluster cluster) : LanePolicyRun(cluster)
{
    [Fact]
    public async Task The_first_of_a_campaign_go_and_the_others_wait_for_the_end_of_the_canary()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.NoDelivery));
        App.Simulator.Faults.Set(new Fault(FaultKind.NoRead));
        var (advisor, campaign) = await Sent(5, new { canary = new { first = 2, waitSeconds = 60, maxFailedRatio = 0.2 } });
        await App.Settle();
        Assert.Equal(2, Taken);
        await IsHeldInCampaign(advisor, campaign, "canary", "2026-03-01T23:51:00.000Z");
        await Passes(TimeSpan.FromSeconds(59));
        Assert.Equal(2, Taken);

        await Passes(TimeSpan.FromSeconds(1));

        Assert.Equal(5, Taken);
    }

    [Fact]
    public async Task A_canary_of_which_everybody_has_it_lets_the_others_go_at_once()
    {
        await Sent(5, new { canary = new { first = 2, waitSeconds = 600, maxFailedRatio = 0 } });
        await App.Settle();

        await Passes(JudgeCanary.Look);

        Assert.Equal(5, Taken);
    }

    [Fact]
    public async Task A_failed_canary_pauses_its_campaign_and_a_person_may_let_the_others_go()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.NotOnWhatsapp, Times: 1));
        var (advisor, campaign) = await Sent(5, new { canary = new { first = 2, waitSeconds = 600, maxFailedRatio = 0.2 } });

        await Passes(JudgeCanary.Look);

        var row = await advisor.Get(campaign);
        Assert.Equal(("paused", "canary-failed", 1), (row["status"].GetString(), row["statusReason"].GetString(), Taken));
        Assert.Contains("canary-failed", await Codes(advisor));
        (await advisor.Post($"{campaign}/resume")).Is(HttpStatusCode.OK);
        await App.Drain();
        Assert.Equal(4, Taken);
    }

    [Fact]
    public async Task Who_was_not_sent_to_is_no_canary()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed, Times: 2));
        await Sent(5, new { canary = new { first = 2, waitSeconds = 600, maxFailedRatio = 0 }, breaker = (object?)null });

        App.Simulator.Faults.Set(new Fault(FaultKind.NoDelivery));
        App.Simulator.Faults.Set(new Fault(FaultKind.NoRead));
        await Passes(TimeSpan.FromSeconds(30));

        Assert.Equal(2, Taken);
    }

    [Fact]
    public async Task A_canary_that_is_switched_off_holds_nobody_any_more()
    {
        var (advisor, _) = await Sent(5, new { canary = new { first = 2, waitSeconds = 600, maxFailedRatio = 0.2 } });

        await advisor.Put("/api/whatsapp/pacing", new { canary = (object?)null });
        await App.Drain();

        Assert.Equal(5, Taken);
    }

    [Fact]
    public async Task A_canary_that_was_everybody_pauses_nothing()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.NotOnWhatsapp, Times: 1));
        var (advisor, campaign) = await Sent(2, new { canary = new { first = 2, waitSeconds = 60, maxFailedRatio = 0 } });

        await Passes(TimeSpan.FromMinutes(1));

        Assert.Equal(("sent", 1), ((await advisor.Get(campaign))["status"].GetString(), Taken));
    }
}
