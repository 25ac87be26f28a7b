using System.Globalization;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Proof;

/// <summary>
/// Days of random campaigns, pauses, cancels, changed rules, faults, stalls and nodes that are killed, on a clock that the spec moves. What
/// the gateway took is then held against what was declared, by a checker that knows nothing of the scheduler.
/// </summary>
public sealed class CapsProofSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 27, 20, 0, 0, TimeSpan.Zero); // Europe's clocks go forward on the 29th
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);
    private static readonly string[] Zones = ["America/Argentina/Buenos_Aires", "Europe/Madrid", "UTC", "Asia/Tokyo"];
    private static readonly FaultKind[] Replaced = [FaultKind.ConnectionClosed, FaultKind.TooMany, FaultKind.CloseAfter];

    [Theory]
    [Sizes(small: 25, full: 500)]
    public async Task Every_rate_and_every_cap_holds_at_the_gateway_whatever_happens_and_nobody_is_lost(int acts)
    {
        var seed = Seed.Of(output);
        await using var world = await SimulatedLanes.Start(
            cluster, seed, Start, new ReceiptOptions { ServerAck = 0, Delivered = 0, Read = 0 });
        await Lanes(world);
        for (var act = 0; act < acts; act++)
        {
            await Act(world, world.Lanes[world.Random.Next(world.Lanes.Count)]);
            await world.Pass(TimeSpan.FromMinutes(Math.Pow(10, 2.5 * world.Random.NextDouble()))); // a minute to five hours
        }

        await Finish(world);
        await Holds(world);
    }

    private static async Task Lanes(SimulatedLanes world)
    {
        var minute = TimeSpan.FromMinutes(1);
        await world.Add(Numbers(0, 9), new(6, minute, Zones[0], DailyCap: 7));
        await world.Add(Numbers(1, 9), new(5, minute / 2, Zones[1], Ramp: new(Start.AddDays(-1), 3, 1.5, 40)), new { burst = 3, maxInFlight = 10, jitter = 1 });
        await world.Add(Numbers(2, 8), new(20, minute, Zones[0], Peace: new(21, 9, DayOfWeek.Sunday), PerClient: new(2, TimeSpan.FromDays(1))));
        await world.Add(Numbers(3, 30), new(12, minute / 2), new { spread = false, maxInFlight = 10 }, first: new(3, 10 * minute));
    }

    /// <summary>Half of them live in Spain.</summary>
    private static string[] Numbers(int lane, int count) =>
        [.. Enumerable.Range(0, count).Select(place => place % 2 == 0 ? $"54911{50_000_000 + (lane * 1000) + place}" : $"34{600_000_000 + (lane * 1000) + place}")];

    private static async Task Act(SimulatedLanes world, SimulatedLane lane)
    {
        var random = world.Random;
        var some = lane.Campaigns.Count > 0 ? lane.Campaigns[random.Next(lane.Campaigns.Count)] : null;
        switch (random.Next(10))
        {
            case 0 when some is not null: await lane.Ask(some, "cancel"); break;
            case 1 or 2 when some is not null: await lane.Ask(some, "pause"); break;
            case 3 or 4 when some is not null: await lane.Ask(some, "resume"); break;
            case 5: await lane.Declare(Changed(lane.Rules.Latest, random), lane.Canary); break;
            case 6: Fail(world, lane); break;
            case 7: world.Replace(); break;
            default: await lane.Launch(); break;
        }
    }

    /// <summary>Of a campaign whose first ones go alone, each is in the ledger or replaced: else the ledger could not tell who they were.</summary>
    private static void Fail(SimulatedLanes world, SimulatedLane lane)
    {
        var kinds = lane.Canary is null ? [.. Replaced, FaultKind.NotOnWhatsapp, FaultKind.CloseBefore, FaultKind.ServerError] : Replaced;
        world.App.Simulator.Faults.Set(new Fault(kinds[world.Random.Next(kinds.Length)], lane.Instance, Times: world.Random.Next(1, 4)));
    }

    private static LaneRule Changed(LaneRule rule, Random random) => random.Next(5) switch
    {
        0 => rule with { Messages = random.Next(2, 20), Window = TimeSpan.FromSeconds(random.Next(20, 90)) },
        1 => rule with { DailyCap = random.Next(4) == 0 ? null : random.Next(3, 12) },
        2 => rule with { Zone = Zones[random.Next(Zones.Length)] },
        3 => rule with { Peace = random.Next(3) == 0 ? null : new(random.Next(24), random.Next(24)) },
        _ => rule with { PerClient = random.Next(3) == 0 ? null : new(random.Next(1, 4), TimeSpan.FromDays(random.Next(1, 3))) },
    };

    /// <summary>Rules that leave room, and as many days as it takes.</summary>
    private static async Task Finish(SimulatedLanes world)
    {
        world.App.Simulator.Faults.Clear();
        foreach (var lane in world.Lanes)
        {
            await lane.Declare(new(500, TimeSpan.FromMinutes(1)), lane.Canary);
            foreach (var campaign in lane.Campaigns) await lane.Ask(campaign, "resume");
        }

        await world.Pass(TimeSpan.FromHours(3));
        await world.Settle();
    }

    private async Task Holds(SimulatedLanes world)
    {
        var ledger = world.App.Simulator.Ledger;
        var taken = ledger.Entries.Select(Arrival.Of).ToList();
        var checker = new LedgerRules(world.Lanes.ToDictionary(lane => lane.Instance, lane => lane.Rules), OnTheWay);
        List<Violation> broken =
        [
            .. checker.Rate(ledger.Received.Select(Arrival.Of)), .. checker.Caps(taken, Zone), .. LedgerRules.Twice(taken),
        ];
        foreach (var lane in world.Lanes)
            foreach (var campaign in lane.Campaigns)
                broken.AddRange(await Of(checker, lane, campaign, [.. taken.Where(one => one.Instance == lane.Instance && campaign.Is(one))]));

        var days = (world.Clock.GetUtcNow() - Start).TotalDays;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{days:0.0} days, {world.Lanes.Sum(lane => lane.Campaigns.Count)} campaigns, {taken.Count} messages taken of {ledger.Received.Count}"));
        Assert.Empty(broken);
        Assert.NotEmpty(taken);
    }

    private static async Task<IEnumerable<Violation>> Of(LedgerRules checker, SimulatedLane lane, DeclaredCampaign campaign, List<Arrival> sends)
    {
        var members = await lane.Members(campaign);
        var unsettled = members.Where(status => status.Key is "pending" or "sending").SelectMany(status => status)
            .Select(number => new Violation("nobody left waiting", lane.Instance, 0, $"{number} in {campaign.Mark}"));
        var leftOut = members.Where(status => status.Key is "failed" or "skipped" or "in_doubt" or "excluded").SelectMany(status => status);
        return
        [
            .. unsettled, .. LedgerRules.Lost(sends, campaign.Audience, leftOut),
            .. campaign.Canary is { } first ? checker.Canary(sends, first) : [],
        ];
    }

    private static TimeZoneInfo Zone(string number) =>
        TimeZoneInfo.FindSystemTimeZoneById(number.StartsWith("34", StringComparison.Ordinal) ? "Europe/Madrid" : "America/Argentina/Buenos_Aires");
}
