using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Sending;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Tests.Campaigns.Sending;

public sealed class LaneLimitsSpecs
{
    private const string Zone = "America/New_York";
    private static readonly TimeSpan Gone = TimeSpan.FromSeconds(80);
    private static readonly DateTimeOffset Midnight = new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero); // of New York
    private static readonly PacingPolicies Off = new(null, null, null, null, null, null, null, ReplyLane: false);

    [Fact]
    public void Without_policies_only_the_rate_bounds_a_lane() => Assert.Equal(new(int.MaxValue), Room(Lane(Off)));

    [Fact]
    public void What_is_left_of_the_day_may_go() =>
        Assert.Equal(3, Room(Lane(Off with { DailyCap = 10 }, new(new(2026, 3, 1), 7, BreakerState.Closed, null))).Most);

    [Fact]
    public void A_spent_day_holds_until_the_profiles_midnight() => Assert.Equal(
        new(0, new LaneHold("daily-cap", Midnight)),
        Room(Lane(Off with { DailyCap = 10 }, new(new(2026, 3, 1), 10, BreakerState.Closed, null))));

    [Fact]
    public void What_went_on_another_day_does_not_count() =>
        Assert.Equal(10, Room(Lane(Off with { DailyCap = 10 }, new(new(2026, 2, 28), 10, BreakerState.Closed, null))).Most);

    [Fact]
    public void A_day_that_was_begun_ahead_counts_already() => Assert.Equal(
        new(0, new LaneHold("daily-cap", Midnight.AddDays(1))),
        Room(Lane(Off with { DailyCap = 1 }, new(new(2026, 3, 2), 1, BreakerState.Closed, null))));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    public void What_could_arrive_after_midnight_is_left_to_the_next_day(int secondsLeft, int most)
    {
        var lane = Lane(Off with { DailyCap = 10 });
        var now = Midnight.AddSeconds(-2);

        var room = LaneLimits.Room(lane, now, Midnight.AddSeconds(-secondsLeft), inFlight: 0, Gone);

        Assert.Equal((most, most == 0 ? new LaneHold("daily-cap", Midnight) : null), (room.Most, room.Hold));
    }

    [Fact]
    public void A_new_numbers_ramp_has_its_own_word() => Assert.Equal(
        "warm-up",
        Room(Lane(Off with { DailyCap = 10, WarmUp = new(Facts.Noon, 2, 2, 100) }, new(new(2026, 3, 1), 2, BreakerState.Closed, null))).Hold!.By);

    [Fact]
    public void A_closed_instance_holds_before_all_else() => Assert.Equal(
        new LaneHold("instance-closed", null), Room(Lane(Off, LaneState.Fresh with { ClosedAt = Facts.Noon })).Hold);

    [Theory]
    [InlineData(60, null, 0, 0)]
    [InlineData(0, null, 0, 1)]
    [InlineData(0, null, 1, 0)]
    [InlineData(-10, -10, 0, 0)]
    [InlineData(-100, -81, 0, 1)]
    public void A_half_open_breaker_lets_one_message_try_at_a_time(int openFor, int? probedAt, int inFlight, int most)
    {
        var breaker = new BreakerState(0, 0, Facts.Noon.AddSeconds(openFor), probedAt is { } at ? Facts.Noon.AddSeconds(at) : null);

        var room = LaneLimits.Room(
            Lane(Off with { Breaker = Pacing.DefaultBreaker }, LaneState.Fresh with { Breaker = breaker }), Facts.Noon, Facts.Noon, inFlight, Gone);

        Assert.Equal((most, most == 1, most == 1 ? null : "breaker"), (room.Most, room.IsProbe, room.Hold?.By));
    }

    [Fact]
    public void A_breaker_that_is_switched_off_holds_nothing() =>
        Assert.Equal(int.MaxValue, Room(Lane(Off, LaneState.Fresh with { Breaker = new(0, 0, Facts.Noon.AddDays(1)) })).Most);

    [Fact]
    public void A_profile_that_has_set_nothing_has_the_breaker() =>
        Assert.Equal("breaker", Room(Lane(null, LaneState.Fresh with { Breaker = new(0, 0, Facts.Noon.AddDays(1)) })).Hold!.By);

    /// <summary>The checker knows the cap and the calendar of the zone, over both changes of its clocks.</summary>
    [Fact]
    public void No_day_has_more_than_its_cap_in_whatever_steps_it_is_granted() => Prop.ForAll(
        (from cap in Gen.Choose(1, 40)
         from year in Gen.Elements(new DateTimeOffset(2026, 3, 7, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 10, 31, 0, 0, 0, TimeSpan.Zero))
         from steps in Gen.Choose(0, 7200).Two().ListOf()
         select (Cap: cap, Start: year, Steps: steps)).ToArbitrary(),
        run =>
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
            var lane = Lane(Off with { DailyCap = run.Cap });
            var (now, at, sent) = (run.Start, run.Start, new Dictionary<DateTime, int>());
            foreach (var (wait, ahead) in run.Steps)
            {
                now = now.AddSeconds(wait);
                var room = LaneLimits.Room(lane, now, now, 0, Gone);
                for (var slot = 0; slot < Math.Min(room.Most, 10); slot++)
                {
                    at = now.AddMilliseconds(ahead) is var next && next > at ? next : at; // slots follow one another, some seconds ahead
                    lane = lane with { State = LaneLimits.Granted(lane.State, at, zone, isProbe: false) };
                    var day = TimeZoneInfo.ConvertTime(at, zone).Date;
                    sent[day] = sent.GetValueOrDefault(day) + 1;
                }

                if (room.Hold is { Until: { } until }) Assert.True(LaneLimits.Room(lane, until, until, 0, Gone).Most > 0);
            }

            Assert.All(sent.Values, count => Assert.InRange(count, 1, run.Cap));
        }).QuickCheckThrowOnFailure();

    private static LaneRoom Room(DueLane lane) => LaneLimits.Room(lane, Facts.Noon, Facts.Noon, inFlight: 0, Gone);

    private static DueLane Lane(PacingPolicies? policies, LaneState? state = null) => new(
        Guid.Empty, 0, SlotRing.Empty, Facts.Noon, null, 0, new LaneRate(50, TimeSpan.FromMinutes(1)), "i", null, policies, Zone)
    {
        State = state ?? LaneState.Fresh,
    };
}
