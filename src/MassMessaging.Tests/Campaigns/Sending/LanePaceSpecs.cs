using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns.Sending;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>
/// The rate is proved here against a checker that knows only arrival times: sends that reach the gateway within δ of their slot.
/// </summary>
public sealed class LanePaceSpecs
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void The_default_rate_spreads_fifty_over_sixty_seconds_and_their_slack()
    {
        var rate = new LaneRate(50, TimeSpan.FromSeconds(60));

        var slots = Run(rate, seed: 1, slots: 51);

        Assert.Equal(TimeSpan.FromSeconds(2), rate.Slack);
        Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.Equal(1.24, (pair.Second - pair.First).TotalSeconds, 0.001));
        Assert.Equal(62, (slots[50] - slots[0]).TotalSeconds, 0.001);
    }

    [Fact]
    public void Without_spreading_the_window_is_filled_at_once_and_then_waits()
    {
        var rate = new LaneRate(50, TimeSpan.FromSeconds(60), Spread: false);

        var slots = Run(rate, seed: 1, slots: 51);

        Assert.Equal(slots[0], slots[49]);
        Assert.Equal(slots[0] + TimeSpan.FromSeconds(62), slots[50]);
    }

    [Fact]
    public void A_burst_goes_together_and_the_spacing_catches_up()
    {
        var rate = new LaneRate(50, TimeSpan.FromSeconds(60), Burst: 5);

        var slots = Run(rate, seed: 1, slots: 10);

        Assert.Equal(slots[0], slots[4]);
        Assert.Equal(slots[0] + (rate.Spacing * 5), slots[5]);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(1, 1)]
    [InlineData(0.5, 4)]
    public void Jitter_adds_up_to_its_part_of_a_spacing_and_takes_nothing_away(double jitter, int burst)
    {
        var even = new LaneRate(200, TimeSpan.FromSeconds(60), Burst: burst);

        var added = Gaps(even with { Jitter = jitter }).Zip(Gaps(even), (gap, without) => (gap - without) / even.Spacing).ToList();

        // Those that go together are each put off by their own part; what is put off then shortens nobody's window.
        Assert.All(added, part => Assert.InRange(part, -0.001, (jitter * burst) + 0.001));
        Assert.InRange(added.Max(), jitter * 0.9, (jitter * burst) + 0.001);
        Assert.InRange(added.Average(), jitter * 0.4 / burst, jitter * burst);
    }

    [Fact]
    public void Without_spreading_there_is_nothing_to_jitter() =>
        Assert.Equal(Gaps(new(50, TimeSpan.FromSeconds(60), Spread: false)), Gaps(new(50, TimeSpan.FromSeconds(60), Spread: false, Jitter: 1)));

    [Theory]
    [InlineData(50, 60, 1)]
    [InlineData(300, 60, 1)]
    [InlineData(600, 60, 10)]
    [InlineData(48_000, 60, 64)]
    public void Calls_at_once_follow_from_the_rate(int messages, int seconds, int calls) =>
        Assert.Equal(calls, new LaneRate(messages, TimeSpan.FromSeconds(seconds)).CallsAtOnce);

    [Fact]
    public void No_window_at_the_gateway_holds_more_than_the_rate_whatever_stalls_between_check_and_arrival() =>
        Prop.ForAll(Rates(), rate =>
        {
            var random = new Random(rate.GetHashCode());
            var arrivals = Run(rate, random.Next(), slots: rate.Messages * 3)
                .Select(slot => slot + (rate.Slack * random.NextDouble())).Order().ToList();

            for (var first = 0; first + rate.Messages < arrivals.Count; first++)
                Assert.True(arrivals[first + rate.Messages] - arrivals[first] >= rate.Window, $"{rate}: one more in the window behind {arrivals[first]}");
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_long_run_rate_loses_no_more_than_its_slack() =>
        Prop.ForAll(Rates(), rate =>
        {
            var even = rate with { Jitter = 0, Burst = null }; // bursts that do not divide the rate leave room in a window
            var slots = Run(even, seed: 7, slots: even.Messages * 3);
            var rounds = (slots.Count - 1) / even.Together;
            var expected = even.Spacing * even.Together * rounds;

            // Entries of a long ring are as fine as W/256.
            Assert.True(slots[^1] - slots[0] <= expected * 1.01 + even.Spacing, $"{slots[^1] - slots[0]} > {expected} of {even}");
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_ring_reads_as_it_was_written() =>
        Prop.ForAll(Rates(), rate =>
        {
            var ring = Run(rate, seed: 3, slots: Math.Min(rate.Messages * 2, 600)).Aggregate(SlotRing.Empty, (ring, slot) => ring.Add(slot, rate));

            Assert.Equal(ring.Entries, SlotRing.Read(ring.Write()).Entries);
            Assert.True(ring.Entries.Length <= 514, $"{ring.Entries.Length} entries");
        }).QuickCheckThrowOnFailure();

    private static List<TimeSpan> Gaps(LaneRate rate)
    {
        var slots = Run(rate, seed: 1, slots: 401);
        return [.. slots.Zip(slots.Skip(rate.Together), (one, next) => next - one)];
    }

    private static Arbitrary<LaneRate> Rates() => (
        from messages in Gen.Choose(1, 400)
        from seconds in Gen.Choose(1, 90)
        from spread in Gen.Elements(true, false)
        from jitter in Gen.Choose(0, 10)
        from burst in Gen.Choose(1, 20)
        select new LaneRate(messages, TimeSpan.FromSeconds(seconds), spread, jitter / 10.0, burst)).ToArbitrary();

    /// <summary>Ticks a lane that always has somebody waiting, at random moments, stalling now and then.</summary>
    private static List<DateTimeOffset> Run(LaneRate rate, int seed, int slots)
    {
        var random = new Random(seed);
        var (ring, now, nextAt) = (SlotRing.Empty, Start, Start);
        var granted = new List<DateTimeOffset>();
        while (granted.Count < slots)
        {
            foreach (var grant in LanePace.Grants(ring, rate, now, nextAt, now + Ahead, slots - granted.Count, random))
            {
                (ring, nextAt) = (ring.Add(grant.At, rate), grant.NextAt);
                granted.Add(grant.At);
            }

            // As the ticker does: a little before the slot.
            var next = nextAt - (Ahead / 2);
            now = next > now ? next : now + TimeSpan.FromMilliseconds(1);
        }

        return granted;
    }
}
