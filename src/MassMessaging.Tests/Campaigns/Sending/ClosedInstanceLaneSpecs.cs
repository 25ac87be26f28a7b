using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>A number that was unlinked holds what waits for it.</summary>
public sealed class ClosedInstanceLaneSpecs(TestCluster cluster) : LanePolicyRun(cluster)
{
    [Fact]
    public async Task An_instance_that_closes_holds_the_lane_until_it_opens_again()
    {
        var (advisor, campaign) = await Draft(2, new { });
        await LogOut(advisor);
        await App.Settle(); // the webhook comes

        await advisor.Post($"{campaign}/send");
        await App.Drain();
        Assert.Equal(0, Asked);
        await IsHeld(advisor, campaign, "instance-closed", null);

        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        await App.Settle();
        Assert.Equal(2, Taken);
    }

    [Fact]
    public async Task An_instance_is_asked_how_it_stands_where_its_webhooks_are_lost()
    {
        var (advisor, campaign) = await Draft(2, new { });
        await LogOut(advisor);
        await App.Settle();
        await App.Database.Execute("update whatsapp_config set state = 'open', closed_at = null"); // as without the webhook
        await advisor.Post($"{campaign}/send");
        await App.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None);

        await Watch();
        await App.Drain();
        await IsHeld(advisor, campaign, "instance-closed", null);
        Assert.Equal(0, Asked);

        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        await App.Simulator.Settled(CancellationToken.None);
        await App.Database.Execute("update whatsapp_config set state = 'close', closed_at = '2026-03-01T23:50:00Z'");
        await Passes(TimeSpan.FromMinutes(1), Watch);
        Assert.Equal(2, Taken);
    }

    [Fact]
    public async Task A_number_that_stays_closed_is_told_once()
    {
        var (advisor, campaign) = await Draft(2, new { });
        await LogOut(advisor);
        await App.Settle();
        await advisor.Post($"{campaign}/send");
        await App.Drain();

        for (var asked = 0; asked < 4; asked++) await Passes(TimeSpan.FromSeconds(40), Watch);

        Assert.Equal(["instance-closed", "lane-held"], (await Codes(advisor)).Order());
    }
}
