using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Sending;

namespace MassMessaging.Tests.Campaigns;

public sealed class SendEstimateSpecs
{
    private static readonly LaneRate Rate = new(50, TimeSpan.FromMinutes(1));

    [Fact]
    public void The_rate_is_that_of_slots_in_a_window_and_its_slack_with_half_the_jitter()
    {
        Assert.Equal(48.39, SendEstimate.Of(Rate, 1, 0, Facts.Noon).PerMinute);
        Assert.Equal(43.99, SendEstimate.Of(Rate with { Jitter = 0.2 }, 1, 0, Facts.Noon).PerMinute);
    }

    [Fact]
    public void It_ends_when_its_last_slot_begins() =>
        Assert.Equal(Facts.Noon + (Rate.Spacing * 99), SendEstimate.Of(Rate, 100, 0, Facts.Noon).FinishAt);

    [Fact]
    public void Other_campaigns_of_the_lane_make_it_later() =>
        Assert.Equal(Facts.Noon + (Rate.Spacing * 149), SendEstimate.Of(Rate, 100, 50, Facts.Noon).FinishAt);

    [Fact]
    public void Unspread_a_whole_window_goes_at_once() =>
        Assert.Equal(Facts.Noon + TimeSpan.FromSeconds(62), SendEstimate.Of(Rate with { Spread = false }, 100, 0, Facts.Noon).FinishAt);

    [Fact]
    public void Nobody_is_sent_to_at_no_time() => Assert.Null(SendEstimate.Of(Rate, 0, 0, Facts.Noon).FirstSendAt);
}
