using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>A crowd that sleeps, with a few awake among it.</summary>
public sealed class HeldCrowdSpecs(TestCluster cluster)
{
    private const int Asleep = 20_000;
    private const int Awake = 12;

    [Fact]
    public async Task Finding_the_few_who_may_go_costs_a_bounded_tick_each_time_and_nothing_once_all_sleep()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero)); // 09:00 in Argentina, 13:00 in Spain
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Clock = clock });
        var campaign = await Launched(app);
        TickLanes[] nodes = [app.Services.GetRequiredService<TickLanes>(), OtherNode(app)];

        var (ticks, most) = (0, 0);
        while (true)
        {
            var (statements, lanes) = await Tick(app, nodes[ticks++ % 2]);
            most = Math.Max(most, statements);
            if (lanes == 0) break;
        }

        Assert.Equal(Asleep + Awake, await app.Database.Value<long>("select count(*) from campaign_audience"));
        Assert.InRange(ticks, Asleep / CampaignScan.LongestStep, (Asleep / CampaignScan.LongestStep) + (4 * Awake) + 8);
        Assert.InRange(most, 1, 16);
        Assert.Equal(Awake, app.Simulator.Ledger.Entries.Count);
        Assert.Equal(Awake, app.Simulator.Ledger.Entries.Select(entry => entry.Number).Distinct().Count());
        Assert.All(app.Simulator.Ledger.Entries, entry => Assert.StartsWith("34", entry.Number, StringComparison.Ordinal));
        Assert.Equal("quiet-hours", (await campaign.Advisor.Get(campaign.Path))["statusReason"].GetString());
        var (idle, _) = await Tick(app, nodes[0]);
        Assert.Equal(1, idle); // the look for due lanes
    }

    private static async Task<(Advisor Advisor, string Path)> Launched(TestApp app)
    {
        var advisor = await Advisor.Of(app);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var pacing = new
        {
            messages = 10_000, perSeconds = 60, spread = false, jitter = 0, maxInFlight = 20,
            quietHours = new { from = "20:00", to = "09:30", days = Array.Empty<string>() }, frequencyCap = new { messages = 3, perDays = 7 },
        };
        (await advisor.Put("/api/whatsapp/pacing", pacing)).Is(HttpStatusCode.OK);
        var csv = string.Concat(Enumerable.Range(0, Asleep + Awake).Select(client => client % (Asleep / Awake) == 0 && client / (Asleep / Awake) < Awake
            ? $"Cliente,+34600{client:000000}\n" : $"Cliente,+54911{50_000_000 + client}\n"));
        using var file = new StringContent("nombre,telefono\n" + csv, System.Text.Encoding.UTF8, "text/csv");
        var imported = await advisor.Http.PostAsync("/api/clients/import", file);
        Assert.Contains($"\"created\":{Asleep + Awake},", await imported.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var campaign = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        (await advisor.Post($"{campaign}/send")).Is(HttpStatusCode.Accepted);
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None); // planned, and not sent
        return (advisor, campaign);
    }

    private static TickLanes OtherNode(TestApp app) => ActivatorUtilities.CreateInstance<TickLanes>(app.Services, new NodeId(Guid.NewGuid()));

    private static async Task<(int Statements, int Lanes)> Tick(TestApp app, TickLanes tick)
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
        var moved = await tick.RunOnce(CancellationToken.None);
        var statements = seen.Count(activity => activity.TraceId == mine.TraceId);
        await app.Services.GetRequiredService<GatewayCalls>().Quiet();
        return (statements, moved.Count);
    }
}
