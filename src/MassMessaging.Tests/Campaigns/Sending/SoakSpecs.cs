using System.Globalization;
using System.Runtime.CompilerServices;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Proof;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>
/// Hours of the real tick loop over a real database, with the real outcome writer and the gateway's ledger, on a clock that the spec
/// moves: two nodes, of which one is killed every hour, stalls, a gateway that fails now and then, quiet hours, a cap, a new number.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SoakSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private const string Zone = "America/Argentina/Buenos_Aires";
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 20, 0, 0, TimeSpan.Zero); // 17:00 there: 20 hours see a night
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Step = Minute * 5;

    [Theory]
    [Sizes(small: 20, full: 1200)]
    public async Task Windows_days_and_quiet_hours_are_kept_for_hours_and_memory_stays_flat(int minutes)
    {
        var hours = minutes / 60.0;
        await using var world = await SimulatedLanes.Start(
            cluster, seed: minutes, Start, new ReceiptOptions { ServerAck = 0, Delivered = 0.2, Read = 0, DeliveredAfter = DelayRange.None });
        (LaneRule Rule, object Spread, int Clients, double AnHour)[] lanes =
        [
            (new(20, Minute, Zone, Peace: new(21, 9)), new { jitter = 0.2, burst = 5, maxInFlight = 10 }, 400, 1161),
            (new(60, Minute * 10), new { spread = false, maxInFlight = 10 }, 200, 358),
            (new(30, Minute, Zone, Ramp: new(Start.AddDays(-2), 40, 1.5, 1000)), new { jitter = 1, burst = 5, maxInFlight = 10 }, 100, 90 / hours),
            (new(30, Minute, Zone, DailyCap: 60, PerClient: new(1, TimeSpan.FromDays(1))), new { jitter = 0.2, maxInFlight = 4 }, 80, 60 / hours),
        ];
        foreach (var (place, lane) in lanes.Index())
            await world.Add([.. Enumerable.Range(0, lane.Clients).Select(client => $"54911{50_000_000 + (place * 10_000) + client}")], lane.Rule, lane.Spread);

        var log = new Log(world);
        var warm = 0L;
        for (var step = 1; step <= minutes / 5; step++)
        {
            await Next(world, log, step);
            if (step == minutes / 20) warm = Memory(log);
        }

        await world.Settle();
        log.Read();
        var grown = Memory(log) - warm;
        output.WriteLine($"{minutes} min, {log.Taken.Count} taken of {log.Received.Count}, {grown / 1024} KiB more than after a quarter of it");
        Assert.Empty(Broken(world, log));
        foreach (var (lane, place) in world.Lanes.Zip(lanes))
        {
            var open = place.Rule.Peace is null ? hours : Math.Min(hours, 4) + Math.Max(0, hours - 16);
            var sent = log.Taken.Count(send => send.Instance == lane.Instance);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{place.Rule}: {sent} sent"));
            Assert.True(sent >= place.AnHour * open / 2, $"{place.Rule} stood still: {sent}");
        }

        Assert.InRange(grown, long.MinValue, 8 * 1024 * 1024);
    }

    /// <summary>Five minutes.</summary>
    private static async Task Next(SimulatedLanes world, Log log, int step)
    {
        log.Read();
        foreach (var lane in world.Lanes)
            if (lane.Campaigns.Sum(campaign => campaign.Audience.Count) - log.Taken.Count(send => send.Instance == lane.Instance) < 450
                && lane.Campaigns.Count <= step / 3)
                await lane.Launch();
        if (step % 12 == 0) world.Replace();
        if (step % 10 == 0) world.App.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed, Times: 2));
        await world.Pass(Step);
    }

    private static List<Violation> Broken(SimulatedLanes world, Log log)
    {
        var checker = new LedgerRules(world.Lanes.ToDictionary(lane => lane.Instance, lane => lane.Rules), TimeSpan.FromSeconds(1));
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
        return [.. checker.Rate(log.Received), .. checker.Caps(log.Taken, _ => zone), .. LedgerRules.Twice(log.Taken)];
    }

    /// <summary>Bytes in use, without what is written down here for the checker.</summary>
    private static long Memory(Log log) =>
        GC.GetTotalMemory(forceFullCollection: true) - ((log.Taken.Capacity + log.Received.Capacity) * (long)Unsafe.SizeOf<Arrival>());

    /// <summary>The ledger's entries in few bytes; the ledger itself forgets them.</summary>
    private sealed class Log(SimulatedLanes world)
    {
        public List<Arrival> Taken { get; } = [];

        public List<Arrival> Received { get; } = [];

        /// <summary>While no call is under way.</summary>
        public void Read()
        {
            var ledger = world.App.Simulator.Ledger;
            Taken.AddRange(ledger.Entries.Select(entry => Small(Arrival.Of(entry))));
            Received.AddRange(ledger.Received.Select(send => Small(Arrival.Of(send))));
            ledger.Clear();
        }

        private static Arrival Small(Arrival send) => send with
        {
            Instance = string.Intern(send.Instance),
            Number = string.Intern(send.Number),
            Text = string.Intern(send.Text.Split(':')[0]),
        };
    }
}
