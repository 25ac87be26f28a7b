using MassMessaging.Tests.Campaigns;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Tests.WhatsApp.Policies;

public sealed class CanaryJudgementSpecs
{
    [Theory]
    [InlineData(0, 4, 60, CanaryVerdict.Wait)]
    [InlineData(1, 4, 60, CanaryVerdict.Wait)]
    [InlineData(2, 4, 60, CanaryVerdict.Fail)]
    [InlineData(2, 5, 0, CanaryVerdict.Fail)]
    [InlineData(0, 5, 60, CanaryVerdict.Pass)]
    [InlineData(1, 5, 60, CanaryVerdict.Pass)]
    [InlineData(1, 1, 0, CanaryVerdict.Pass)]
    public void Too_many_failed_stop_it_every_signal_or_the_end_of_the_wait_lets_it_pass(
        int failed, int signalled, int secondsLeft, CanaryVerdict verdict) =>
        Assert.Equal(
            verdict, CanaryJudgement.Of(first: 5, maxFailedRatio: 0.2, failed, signalled, Facts.Noon.AddSeconds(secondsLeft), Facts.Noon));

    [Fact]
    public void A_ratio_of_zero_tolerates_nobody() =>
        Assert.Equal(CanaryVerdict.Fail, CanaryJudgement.Of(100, 0, failed: 1, signalled: 1, Facts.Noon.AddSeconds(60), Facts.Noon));
}
