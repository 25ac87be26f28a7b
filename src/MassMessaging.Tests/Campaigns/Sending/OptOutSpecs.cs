using System.Net;
using MassMessaging.Clients.Consent;
using MassMessaging.Kernel;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>Running campaigns leave out who opts out.</summary>
public sealed class OptOutSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestApp app = null!;
    private Advisor advisor = null!;
    private Guid ana;
    private string campaign = "";

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(
            cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        advisor = await Advisor.Of(app);
        ana = await advisor.HasClient("Ana");
        await advisor.HasClient("Beto");
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        campaign = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        app.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed));
        await advisor.Post($"{campaign}/send");
        await app.Drain(); // planned, and held before anybody was written to
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Who_opts_out_before_their_turn_is_skipped_at_once_and_the_rest_are_written_to()
    {
        (await advisor.Post($"/api/clients/{ana}/opt-out", new { reason = "BAJA" })).Is(HttpStatusCode.OK);
        var member = Assert.Single((await advisor.Get($"{campaign}/audience?status=skipped")).Body.EnumerateArray());

        await GoOn();

        Assert.Equal((ana, "opted-out"), (member.GetProperty("clientId").GetGuid(), member.GetProperty("reason").GetString()));
        await AnaIsLeftOut();
    }

    [Fact]
    public async Task The_tick_looks_again_at_who_opted_out_without_being_announced()
    {
        await app.Database.Execute($"update client set opted_out_at = created_at where id = '{ana}'"); // as a launch that planned meanwhile leaves it

        await GoOn();

        await AnaIsLeftOut();
    }

    [Fact]
    public async Task Many_clients_are_opted_out_in_one_session_for_whoever_knows_of_it()
    {
        var profile = (await advisor.Get($"/api/clients/{ana}"))["profileId"].GetGuid();
        var consent = app.Services.GetRequiredService<ClientConsent>();
        var everybody = (await advisor.Get("/api/clients")).Body.EnumerateArray().Select(client => client.GetProperty("id").GetGuid()).ToArray();
        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);

        var changed = await consent.OptOut(session, profile, [.. everybody, ana, Guid.NewGuid()], new ConsentProof("reply", "BAJA"), default);
        await session.Commit(default);
        await GoOn();

        Assert.Equal(everybody.Order(), changed.Order());
        Assert.Empty(app.Simulator.Ledger.Entries);
        var row = await advisor.Get(campaign);
        Assert.Equal(("failed", 2, 0), (row["status"].GetString(), row["skippedCount"].GetInt32(), row["pendingCount"].GetInt32()));
    }

    [Fact]
    public async Task A_client_who_agrees_again_is_in_the_next_campaign()
    {
        await advisor.Post($"/api/clients/{ana}/opt-out");
        var draft = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        var without = (await advisor.Post($"{draft}/preview"))["included"].GetInt32();

        await advisor.Post($"/api/clients/{ana}/opt-in", new { source = "llamada" });

        Assert.Equal((1, 2), (without, (await advisor.Post($"{draft}/preview"))["included"].GetInt32()));
    }

    private async Task GoOn()
    {
        app.Simulator.Faults.Clear();
        await app.Database.Execute("update lane set held_until = null");
        await app.Settle();
    }

    private async Task AnaIsLeftOut()
    {
        var row = await advisor.Get(campaign);
        Assert.Equal(("sent", 1, 1), (row["status"].GetString(), row["skippedCount"].GetInt32(), row["sentCount"].GetInt32()));
        Assert.Equal("opted-out", (await advisor.Get($"{campaign}/audience?status=skipped")).Body[0].GetProperty("reason").GetString());
        Assert.DoesNotContain(app.Simulator.Ledger.Entries, entry => entry.Text.StartsWith("Hola Ana", StringComparison.Ordinal));
    }
}
