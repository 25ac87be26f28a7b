using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>A breaker from its opening to the message that closes it, through the real service.</summary>
public sealed class BreakerLaneSpecs(TestCluster cluster) : LanePolicyRun(cluster)
{
    [Fact]
    public async Task A_gateway_that_fails_opens_the_breaker_and_one_message_tries_again()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed));
        var (advisor, campaign) = await Sent(5, new { breaker = new { minSample = 3, failedRatio = 0.5, coolDownSeconds = 60 } });
        Assert.Equal(5, Asked);
        await IsHeld(advisor, campaign, "breaker", "2026-03-01T23:51:00.000Z");
        await Passes(TimeSpan.FromSeconds(59));
        Assert.Equal(5, Asked);

        await Passes(TimeSpan.FromSeconds(1));
        Assert.Equal(6, Asked);
        await IsHeld(advisor, campaign, "breaker", "2026-03-01T23:52:00.000Z");

        App.Simulator.Faults.Clear();
        await Passes(TimeSpan.FromMinutes(1));
        Assert.Equal(5, Taken);
    }

    [Fact]
    public async Task A_breaker_that_is_switched_off_holds_nobody_any_more()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed));
        var (advisor, _) = await Sent(5, new { breaker = new { minSample = 3, failedRatio = 0.5, coolDownSeconds = 600 } });
        App.Simulator.Faults.Clear();

        await advisor.Put("/api/whatsapp/pacing", new { breaker = (object?)null });
        await Passes(TimeSpan.FromSeconds(2));

        Assert.Equal(5, Taken);
    }

    [Fact]
    public async Task A_person_who_resumes_has_the_next_message_try_at_once()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed));
        var (advisor, campaign) = await Sent(5, new { breaker = new { minSample = 3, failedRatio = 0.5, coolDownSeconds = 600 } });
        App.Simulator.Faults.Clear();

        (await advisor.Post($"{campaign}/pause")).Is(HttpStatusCode.OK);
        (await advisor.Post($"{campaign}/resume")).Is(HttpStatusCode.OK);
        await App.Drain();

        Assert.Equal(5, Taken);
    }

    [Fact]
    public async Task Refusals_never_open_the_breaker()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.NotOnWhatsapp, Times: 4));

        var (advisor, campaign) = await Sent(5, new { breaker = new { minSample = 2, failedRatio = 0.5, coolDownSeconds = 60 } });

        Assert.Equal((4, 1), ((await advisor.Get(campaign))["failedCount"].GetInt32(), Taken));
    }

    [Fact]
    public async Task Two_nodes_let_one_message_try_between_them()
    {
        var (advisor, campaign) = await Draft(5, new { breaker = new { minSample = 2, failedRatio = 0.5, coolDownSeconds = 60 } });
        await advisor.Post($"{campaign}/send");
        await App.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None);
        await App.Database.Execute("update lane set breaker_until = '2026-03-01T23:49:00Z'");
        App.Simulator.Faults.Set(new Fault(FaultKind.AnswerDelay, Milliseconds: 500));
        var (first, firstCalls) = Node();
        var (second, secondCalls) = Node();

        var granted = ((await first.RunOnce(CancellationToken.None)).Count, (await second.RunOnce(CancellationToken.None)).Count);
        await Task.WhenAll(firstCalls.Quiet(), secondCalls.Quiet());

        Assert.Equal((1, 0, 1), (granted.Item1, granted.Item2, Taken));
        await App.Drain();
        Assert.Equal(5, Taken);
    }
}
