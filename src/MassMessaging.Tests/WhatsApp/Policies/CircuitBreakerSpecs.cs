using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Tests.Campaigns;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Tests.WhatsApp.Policies;

public sealed class CircuitBreakerSpecs
{
    private static readonly Breaker Policy = new(MinSample: 4, FailedRatio: 0.5, CoolDownSeconds: 300);
    private static readonly DateTimeOffset CooledDown = Facts.Noon.AddSeconds(300);

    [Fact]
    public void It_opens_when_half_of_the_smallest_sample_failed() =>
        Assert.Equal(CooledDown, After(true, true, false, false).OpenUntil);

    [Fact]
    public void It_stays_closed_below_the_smallest_sample() => Assert.Null(After(false, false, false).OpenUntil);

    [Fact]
    public void It_stays_closed_below_the_ratio() => Assert.Null(After(true, true, true, false, true, false).OpenUntil);

    [Fact]
    public void It_never_opens_on_a_call_that_went_well() => Assert.Null(After(false, false, false, true).OpenUntil);

    [Fact]
    public void What_says_nothing_changes_nothing() => Assert.Equal(After(true, false), Learn(After(true, false), null));

    [Fact]
    public void Long_success_does_not_outweigh_a_failure_of_everything()
    {
        var state = After([.. Enumerable.Repeat(true, 10_000)]);

        for (var failed = 0; failed < 2 * Policy.MinSample; failed++) state = Learn(state, false);

        Assert.NotNull(state.OpenUntil);
    }

    [Fact]
    public void A_failure_long_ago_does_not_count_for_ever() => Assert.Equal(0, After([false, .. Enumerable.Repeat(true, 2 * Policy.MinSample)]).Bad);

    [Fact]
    public void A_call_from_before_it_opened_changes_nothing()
    {
        var open = After(false, false, false, false);

        Assert.Equal((open, open), (Learn(open, true), Learn(open, false)));
    }

    [Fact]
    public void A_probe_that_went_well_closes_it_and_forgets() => Assert.Equal(BreakerState.Closed, Probed(true));

    [Fact]
    public void A_probe_that_failed_opens_it_again() => Assert.Equal(new(0, 0, CooledDown), Probed(false));

    [Fact]
    public void A_probe_that_was_never_written_leaves_it_to_another() => Assert.Equal(new(0, 0, Facts.Noon), Probed(null));

    [Fact]
    public void It_is_open_only_after_a_sample_of_which_the_ratio_failed() => Prop.ForAll(
        Gen.Elements(true, false).ListOf().ToArbitrary(),
        outcomes =>
        {
            var state = BreakerState.Closed;
            foreach (var well in outcomes)
            {
                var next = Learn(state, well);
                if (next.OpenUntil is null) Assert.InRange(next.Good + next.Bad, 0, 2 * Policy.MinSample);
                else if (state.OpenUntil is null) Assert.True(!well && state.Bad + 1 >= Policy.FailedRatio * Policy.MinSample / 2);
                state = next;
            }

            if (outcomes.All(well => well)) Assert.Equal((0, null), (state.Bad, state.OpenUntil));
            if (outcomes is [.., false]) Assert.True(state.Bad > 0 || state.OpenUntil is not null); // an older failure may be halved away
        }).QuickCheckThrowOnFailure();

    private static BreakerState Probed(bool? well) => CircuitBreaker.Learn(
        new(0, 0, Facts.Noon, Facts.Noon), Policy, isProbe: true, well, Facts.Noon);

    private static BreakerState After(params bool[] outcomes) =>
        outcomes.Aggregate(BreakerState.Closed, (state, well) => Learn(state, well));

    private static BreakerState Learn(BreakerState state, bool? well) =>
        CircuitBreaker.Learn(state, Policy, isProbe: false, well, Facts.Noon);
}
