using MassMessaging.Campaigns.Sending;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>
/// Hours of the lane's schedule on a fake clock: granted ahead of time, stored and read again, stalled, restarted, late at the gateway,
/// bounded by quiet hours and by a new number's days. What the checker sees are arrivals alone.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SoakSpecs(ITestOutputHelper output)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Argentina/Buenos_Aires");
    private static readonly QuietHours Quiet = new("21:00", "09:00", []);
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 20, 0, 0, TimeSpan.Zero); // 17:00 there: 20 hours see a night

    [Theory]
    [Sizes(small: 1, full: 20)]
    public void Windows_days_and_quiet_hours_are_kept_for_hours_and_memory_stays_flat(int hours)
    {
        LaneRate[] rates =
        [
            new(50, TimeSpan.FromSeconds(60), Jitter: 0.2), new(20, TimeSpan.FromSeconds(1)), new(120, TimeSpan.FromSeconds(60), Spread: false),
            new(30, TimeSpan.FromSeconds(60), Jitter: 1, Burst: 5),
        ];
        var ramp = new WarmUp(Start.AddDays(-2), FirstDay: 40, Growth: 1.5, Ceiling: 1000);
        foreach (var (rate, place) in rates.Select((rate, place) => (rate, place)))
        {
            var lane = new Lane(rate, place, place == 3 ? ramp : null);
            var warm = 0L;
            for (var quarter = 0; quarter < 4; quarter++)
            {
                lane.Run(TimeSpan.FromHours(hours) / 4);
                if (quarter == 0) warm = lane.Memory();
            }

            var grown = lane.Memory() - warm;
            output.WriteLine($"{rate.Messages} in {rate.Window.TotalSeconds} s: {lane.Arrivals.Count} sends in {hours} h, ring of {lane.Entries}, {grown / 1024} KiB more");
            Assert.Null(LedgerChecker.Excess(lane.Arrivals, rate.Messages, rate.Window));
            Assert.All(lane.Granted, at => Assert.False(QuietTime.IsQuiet(Quiet, at, Zone)));
            Assert.True(lane.Granted.Count >= lane.Least, $"{lane.Granted.Count} < {lane.Least}: it stood still");
            if (place == 3)
                Assert.All(
                    lane.Granted.GroupBy(at => LocalTime.DayOf(at, Zone)), day => Assert.True(day.Count() <= DailyLimit.OnRamp(ramp, day.First(), Zone)));
            Assert.InRange(lane.Entries, 1, 1 + Math.Min(rate.Messages, 600));
            Assert.InRange(grown, long.MinValue, 4 * 1024 * 1024);
        }
    }

    /// <summary>What a tick does with one lane, without the database: its ring is stored as bytes between any two ticks.</summary>
    private sealed class Lane(LaneRate rate, int seed, WarmUp? ramp)
    {
        private readonly FakeTimeProvider clock = new(Start);
        private readonly Random random = new(seed);
        private byte[] stored = [];
        private DateTimeOffset nextAt = Start;
        private (DateOnly Day, int Sent) today;
        private TimeSpan open;

        public List<long> Arrivals { get; } = [];

        public List<DateTimeOffset> Granted { get; } = [];

        public int Entries => SlotRing.Read(stored).Entries.Length;

        /// <summary>Half of what the open hours allow; a ramp's day is over sooner.</summary>
        public double Least => ramp is null ? open / rate.Spacing / 2 : Math.Min(open / rate.Spacing / 2, DailyLimit.OnRamp(ramp, Start, Zone));

        /// <summary>Bytes in use, without what is written down here for the checker.</summary>
        public long Memory() => GC.GetTotalMemory(forceFullCollection: true) - (Arrivals.Capacity * 8L) - (Granted.Capacity * 16L);

        public void Run(TimeSpan time)
        {
            for (var until = clock.GetUtcNow() + time; clock.GetUtcNow() < until;)
            {
                var now = clock.GetUtcNow();
                if (QuietTime.NextAllowed(Quiet, now, Zone) is { } allowed && allowed > now) nextAt = allowed > nextAt ? allowed : nextAt;
                else Tick(now);
                Pass(now);
            }
        }

        private void Tick(DateTimeOffset now)
        {
            var ring = SlotRing.Read(stored);
            foreach (var grant in LanePace.Grants(ring, rate, now, nextAt, now + Ahead, Room(now), random))
            {
                nextAt = grant.NextAt;
                ring = ring.Add(grant.At, rate);
                today.Sent++;
                if (QuietTime.IsQuiet(Quiet, grant.At, Zone)) continue; // the permit goes back: its slot is lost
                Granted.Add(grant.At);
                if (random.NextDouble() < 0.98) Arrivals.Add((grant.At + (rate.Slack * random.NextDouble())).UtcTicks / 10); // else unused
            }

            stored = ring.Write();
        }

        private int Room(DateTimeOffset now)
        {
            if (LocalTime.DayOf(now, Zone) != today.Day) today = (LocalTime.DayOf(now, Zone), 0);
            return ramp is null ? rate.Messages : Math.Min(rate.Messages, DailyLimit.OnRamp(ramp, now, Zone) - today.Sent);
        }

        /// <summary>The next tick comes in time, late, or after a stall.</summary>
        private void Pass(DateTimeOffset now)
        {
            var wait = nextAt - Ahead - now;
            if (wait < TimeSpan.FromMilliseconds(5)) wait = TimeSpan.FromMilliseconds(5);
            if (wait > Longest) wait = Longest;
            if (random.NextDouble() < 0.001) wait += TimeSpan.FromSeconds(10 * random.NextDouble());
            clock.Advance(wait);
            if (!QuietTime.IsQuiet(Quiet, now, Zone)) open += wait;
        }
    }
}
