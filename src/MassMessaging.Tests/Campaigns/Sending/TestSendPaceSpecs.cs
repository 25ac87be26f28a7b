using System.Net;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Sending;

public sealed class TestSendPaceSpecs(TestCluster cluster)
{
    private const int Rate = 80;
    private const int Clients = 60;
    private const int Tests = 8;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_running_campaign_and_test_messages_together_keep_the_rate_at_the_gateway()
    {
        var settings = new Dictionary<string, string> { ["Pacing:Messages"] = $"{Rate}", ["Pacing:PerSeconds"] = "4" };
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Daemons = true, Settings = settings });
        var advisor = await Advisor.Of(app);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        for (var client = 0; client < Clients; client++) await advisor.HasClient($"Cliente {client}");
        var campaign = await advisor.HasDraft(new { all = true });
        (await advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);

        for (var test = 0; test < Tests; test++)
            while (!await IsSent(advisor, campaign)) { }

        await Eventually.True(
            () => Task.FromResult(app.Simulator.Ledger.Entries.Count == Clients + Tests), TimeSpan.FromSeconds(30), "everybody is written to");

        Assert.Null(LedgerChecker.Excess(app.Simulator.Ledger.Received.Select(send => send.ReceivedMicros), Rate, Window));
    }

    /// <summary>False: a busy machine missed the short lives of its permits, and nothing was sent.</summary>
    private static async Task<bool> IsSent(Advisor advisor, Guid campaign)
    {
        var answer = await advisor.Post($"/api/campaigns/{campaign}/test-send", new { phone = "+5491166000000" });
        if (answer.Status is HttpStatusCode.OK) return true;

        Assert.True(answer.Code is "lane-busy" or "gateway-unavailable", answer.Code);
        return false;
    }
}
