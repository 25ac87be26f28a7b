using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Sending;

public sealed class TickCostSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_tick_over_many_lanes_and_members_takes_as_many_statements_as_over_one()
    {
        app.Simulator.Faults.Set(new Fault(FaultKind.AnswerDelay, Milliseconds: 300)); // the tick alone is counted, not its outcomes
        await Launched(clients: 1);
        var (one, ofOne) = await Tick();
        foreach (var clients in (int[])[12, 8, 15]) await Launched(clients);

        var (many, ofMany) = await Tick();

        Assert.Equal((1, 3), (ofOne, ofMany));
        Assert.Equal(one, many);
    }

    [Fact]
    public async Task A_tick_grants_no_more_than_it_may_and_each_lane_its_share()
    {
        await app.Settle();
        foreach (var clients in (int[])[6, 6]) await Launched(clients);
        var services = app.Services;
        var tick = new TickLanes(
            services.GetRequiredService<IStore>(), services.GetRequiredService<NodeId>(), services.GetRequiredService<GatewayCalls>(),
            services.GetRequiredService<SendingOptions>() with { MostATick = 4 }, services.GetRequiredService<Random>());

        await tick.RunOnce(CancellationToken.None);

        var granted = await services.GetRequiredService<IStore>().Query(
            "select count(*) from campaign_audience where attempted_at is not null and campaign_id in (select id from campaign where status = 'sending') group by profile_id",
            row => row.GetInt64(0), CancellationToken.None);
        await services.GetRequiredService<GatewayCalls>().Quiet();
        await app.Settle();
        Assert.Equal([2, 2], granted);
    }

    private async Task Launched(int clients)
    {
        var advisor = await Advisor.Of(app);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        await advisor.Put("/api/whatsapp/pacing", new { messages = 10_000, perSeconds = 60, maxInFlight = 20, burst = 20 });
        for (var client = 0; client < clients; client++) await advisor.HasClient($"Cliente {client}");
        var campaign = await advisor.HasDraft(new { all = true });
        (await advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None); // planned, and not sent
        var profile = (await advisor.Get($"/api/campaigns/{campaign}"))["profileId"].GetGuid();
        Assert.NotNull(await app.Services.GetRequiredService<FrozenTexts>().Of(profile, campaign)); // known: its calls ask for nothing
    }

    private async Task<(int Statements, int Lanes)> Tick()
    {
        var seen = new ConcurrentBag<Activity>();
        using var mine = new Activity("spec").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = seen.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var moved = await app.Services.GetRequiredService<TickLanes>().RunOnce(CancellationToken.None);
        var statements = seen.Count(activity => activity.TraceId == mine.TraceId);
        await app.Services.GetRequiredService<GatewayCalls>().Quiet();
        return (statements, moved.Count);
    }
}
