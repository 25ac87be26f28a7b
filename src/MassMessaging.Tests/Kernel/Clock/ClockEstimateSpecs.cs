using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Kernel.Clock;

namespace MassMessaging.Tests.Kernel.Clock;

public sealed class ClockEstimateSpecs
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Little = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void Half_the_round_trip_is_taken_as_the_way_back()
    {
        var estimate = ClockEstimate.Start(new ClockReading(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12), Start));

        Assert.Equal(Start + TimeSpan.FromSeconds(1), estimate.Read(TimeSpan.FromSeconds(12)));
    }

    [Fact]
    public void A_database_that_is_set_ahead_is_not_believed()
    {
        var estimate = After(readings: 10, step: TimeSpan.FromHours(1));

        Assert.InRange(estimate.Read(Every * 10) - Start, Every * 10, (Every * 10) + (Little * 10));
    }

    [Fact]
    public void A_database_that_is_set_back_is_waited_for_at_half_speed()
    {
        var estimate = After(readings: 10, step: TimeSpan.FromSeconds(-10));

        var stepped = TimeSpan.FromSeconds(-10);
        Assert.InRange(estimate.Read(Every * 10) - Start - (Every * 10), stepped - Little, stepped + Little);
    }

    [Fact]
    public void Honest_drift_is_followed() => Prop.ForAll(Gen.Choose(-200, 200).ToArbitrary(), parts =>
    {
        var estimate = ClockEstimate.Start(Look(TimeSpan.Zero, TimeSpan.Zero));
        for (var look = 1; look <= 100; look++)
            estimate = estimate.Correct(Look(Every * look, Every * look * parts / 1_000_000), Every * look);
        var off = estimate.Read(Every * 100) - (Start + (Every * 100) + (Every * 100 * parts / 1_000_000));
        return off.Duration() < Little;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void It_never_goes_back_and_never_runs_ahead_of_monotonic_time_by_more_than_drift_allows() => Prop.ForAll<int[]>(steps =>
    {
        var estimate = ClockEstimate.Start(Look(TimeSpan.Zero, TimeSpan.Zero));
        var last = estimate.Read(TimeSpan.Zero);
        var holds = true;
        for (var look = 1; look <= steps.Length; look++)
        {
            var at = Every * look;
            holds &= estimate.Read(at) >= last;
            last = estimate.Read(at);
            estimate = estimate.Correct(Look(at, TimeSpan.FromSeconds(steps[look - 1])), at);
            holds &= estimate.Read(at) >= last && estimate.Read(at) - last <= Little;
            last = estimate.Read(at);
            holds &= estimate.Read(at + TimeSpan.FromMilliseconds(1)) > last;
        }

        return holds;
    }).QuickCheckThrowOnFailure();

    private static ClockEstimate After(int readings, TimeSpan step)
    {
        var estimate = ClockEstimate.Start(Look(TimeSpan.Zero, TimeSpan.Zero));
        for (var look = 1; look <= readings; look++) estimate = estimate.Correct(Look(Every * look, step), Every * look);
        return estimate;
    }

    private static ClockReading Look(TimeSpan at, TimeSpan off) => new(at - TimeSpan.FromMilliseconds(1), at, Start + at + off);
}
