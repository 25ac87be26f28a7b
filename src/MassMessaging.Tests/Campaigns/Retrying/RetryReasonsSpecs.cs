using MassMessaging.Campaigns.Retrying;

namespace MassMessaging.Tests.Campaigns.Retrying;

public sealed class RetryReasonsSpecs
{
    [Theory]
    [InlineData("not-sent")]
    [InlineData("gateway-error")]
    [InlineData("meta-131000")]
    [InlineData("meta-130429")]
    [InlineData("meta-131042")]
    public void What_passes_is_worth_another_attempt(string reason) => Assert.Equal(TimeSpan.Zero, RetryReasons.Waits[reason]);

    [Theory]
    [InlineData("not-on-whatsapp")]
    [InlineData("gateway-rejected")]
    [InlineData("meta-131026")] // not on WhatsApp, or blocked by the person
    [InlineData("meta-131047")] // outside the window
    [InlineData("meta-131050")] // opted out of marketing
    [InlineData("meta-132016")] // template disabled
    [InlineData("never-heard-of")]
    public void What_is_final_is_not(string reason) => Assert.False(RetryReasons.IsWorthIt(reason));

    [Fact]
    public void Who_gets_too_much_marketing_is_left_alone_for_a_day() =>
        Assert.Equal(TimeSpan.FromHours(24), RetryReasons.Waits["meta-131049"]);
}
