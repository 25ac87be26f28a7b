using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Analytics.Views;

namespace MassMessaging.Tests.Analytics;

public sealed class DurationScaleSpecs
{
    [Fact]
    public void What_is_told_of_a_step_is_within_five_percent_of_whatever_lies_in_it() => Prop
        .ForAll(Gen.Choose(0, 1_900_000_000).ToArbitrary(), milliseconds =>
        {
            foreach (var took in (int[])[milliseconds, milliseconds % 100, milliseconds % 10_000, milliseconds % 1_000_000])
                Assert.InRange(DurationScale.Seconds(DurationScale.AtLeast(took)) * 1000, took * 0.95, took * 1.05);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_step_begins_at_itself_and_there_are_few() => Assert.InRange(
        Enumerable.Range(0, 2_000_000).Select(milliseconds => DurationScale.AtLeast(milliseconds * 1000L)).Distinct()
            .Count(step => DurationScale.AtLeast(step) == step), 100, 250);

    [Fact]
    public void What_takes_longer_than_the_scale_counts_in_its_last_step() =>
        Assert.Equal(DurationScale.AtLeast(int.MaxValue), DurationScale.AtLeast(long.MaxValue));
}
