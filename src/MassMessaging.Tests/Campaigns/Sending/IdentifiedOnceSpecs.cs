using System.Net;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Sending;

public sealed class IdentifiedOnceSpecs(TestCluster cluster)
{
    private const int Clients = 40;

    [Fact]
    public async Task Of_three_campaigns_to_the_same_clients_at_once_one_message_of_each_client_says_who_writes()
    {
        var settings = new Dictionary<string, string> { ["Pacing:Messages"] = "400", ["Pacing:PerSeconds"] = "1" };
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Daemons = true, Settings = settings });
        app.Simulator.Faults.Set(new Fault(FaultKind.AnswerDelay, Milliseconds: 1, UpToMilliseconds: 40));
        var advisor = await Advisor.Of(app);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        await advisor.Put("/api/profile", new { displayName = "Carla" });
        for (var client = 0; client < Clients; client++) await advisor.HasClient($"Cliente {client}");
        var campaigns = new List<Guid>();
        for (var campaign = 0; campaign < 3; campaign++) campaigns.Add(await advisor.HasDraft(new { all = true }, messageContent: $"Texto {campaign}"));

        await Task.WhenAll(campaigns.Select(campaign => advisor.Post($"/api/campaigns/{campaign}/send")));
        await Eventually.True(
            () => Task.FromResult(app.Simulator.Ledger.Entries.Count == 3 * Clients), TimeSpan.FromSeconds(30), "everybody has all three messages");

        Assert.All(
            app.Simulator.Ledger.Entries.GroupBy(entry => entry.Number),
            client => Assert.Single(client, entry => entry.Text.EndsWith("\n— Carla", StringComparison.Ordinal)));
    }
}
