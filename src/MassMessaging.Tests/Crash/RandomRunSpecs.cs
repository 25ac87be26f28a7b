using System.Globalization;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Proof;

namespace MassMessaging.Tests.Crash;

/// <summary>
/// The rate at the gateway, on its monotonic clock, whatever is done to two real nodes and to the database's clock. The checker sees the
/// ledger and what was declared (<see cref="LedgerRules"/>).
/// </summary>
[Collection(nameof(RealProcesses))]
public sealed class RandomRunSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);
    private static readonly Act[] Acts = Enum.GetValues<Act>();

    private enum Act
    {
        Kill, Stall, ClockAhead, ClockBack, Rate, Launch, Pause, Resume, Cancel, Fault,
    }

    /// <summary>The seed chooses what is done; when it happens is the machine's affair.</summary>
    [Theory]
    [Sizes(small: 1, full: 12)]
    public async Task The_rate_holds_over_kills_stalls_changes_and_clock_steps_and_nobody_is_lost_or_written_to_twice(int rounds)
    {
        var seed = Seed.Of(output);
        var random = new Random(seed);
        await using var run = await Cluster.Start(cluster);
        await run.Add(Numbers(0), new(72, TimeSpan.FromSeconds(6)), new { jitter = 0.1 });
        await run.Add(Numbers(1), new(30, TimeSpan.FromSeconds(6)), new { burst = 4, maxInFlight = 4 });
        await run.Add(Numbers(2), new(100, TimeSpan.FromSeconds(10)), new { spread = false, maxInFlight = 8 });
        foreach (var lane in run.Lanes) await lane.Launch();

        for (var round = 0; round < rounds; round++)
            foreach (var act in Acts.OrderBy(_ => random.Next()).ToList())
            {
                output.WriteLine($"{run.Simulator.Ledger.Entries.Count} taken: {await Do(run, act, random)}");
                await Cluster.Passes(TimeSpan.FromMilliseconds(random.Next(1, 500)));
            }

        run.Simulator.Faults.Clear();
        foreach (var lane in run.Lanes)
            foreach (var campaign in lane.Campaigns)
                await lane.Ask(campaign, "resume");
        await run.Settled();
        await LedgerProof.Holds(run, OnTheWay, output);
    }

    private static string[] Numbers(int lane) => [.. Enumerable.Range(0, 40).Select(place => $"5255{10_000_000 + (lane * 1000) + place}")];

    private static async Task<string> Do(Cluster run, Act act, Random random)
    {
        var lane = run.Lanes[random.Next(run.Lanes.Count)];
        var campaign = lane.Campaigns[random.Next(lane.Campaigns.Count)];
        var (node, by) = (random.Next(2), TimeSpan.FromSeconds(random.NextDouble()));
        switch (act)
        {
            case Act.Kill: await run.Kill(node); await run.Start(node); break;
            case Act.Stall: await run.Stall(node, by *= 6); break;
            case Act.ClockAhead: await SteppedClock.Step(run.Database, by *= random.Next(2) == 0 ? 60 : 3600); break;
            case Act.ClockBack: await SteppedClock.Step(run.Database, by *= -4); break;
            case Act.Rate: await lane.Declare(Changed(lane.Rules.Latest, random)); break;
            case Act.Launch: await lane.Launch(); break;
            case Act.Fault: Fault(run, random); break;
            default: await lane.Ask(campaign, act.ToString().ToLowerInvariant()); break;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{act} node {node}, {by.TotalSeconds:0.0} s, campaign {campaign.Mark}");
    }

    private static LaneRule Changed(LaneRule rule, Random random) =>
        rule with { Messages = random.Next(10, 80), Window = TimeSpan.FromSeconds(random.Next(6, 11)) };

    private static void Fault(Cluster run, Random random)
    {
        FaultKind[] kinds = [FaultKind.ConnectionClosed, FaultKind.NotOnWhatsapp, FaultKind.CloseAfter, FaultKind.CloseBefore, FaultKind.Hang];
        run.Simulator.Faults.Set(new Fault(kinds[random.Next(kinds.Length)], Times: random.Next(1, 4)));
    }
}
