using MassMessaging.Campaigns.Receipts;

namespace MassMessaging.Tests.Campaigns.Receipts;

public sealed class ReceiptPullSpecs
{
    [Fact]
    public void It_can_be_switched_off() => Assert.Empty(ReceiptPull.Of("off").Ages);

    [Fact]
    public void The_first_age_is_set_and_the_others_follow() => Assert.Equal([2, 12, 72, 288], ReceiptPull.Of("2").Ages.Select(age => age.TotalMinutes));
}
