using MassMessaging.Campaigns;
using MassMessaging.Kernel;

namespace MassMessaging.Tests.Campaigns;

public sealed class LaunchCampaignSpecs
{
    [Theory]
    [InlineData(CampaignStatus.Draft)]
    [InlineData(CampaignStatus.Scheduled)]
    public void A_campaign_with_an_audience_is_launched_and_planned(CampaignStatus status) => Facts.In(status)
        .When(Launch(hasAudience: true))
        .Follows(new CampaignLaunched(Facts.Content))
        .Sends(new Outgoing(new PlanAudience(Facts.Key.Profile, Facts.Key.Id, After: null, 0, 0), null, null));

    [Theory]
    [InlineData(CampaignStatus.Draft)]
    [InlineData(CampaignStatus.Scheduled)]
    public void A_campaign_without_an_audience_is_refused(CampaignStatus status) =>
        Facts.In(status).When(Launch(hasAudience: false)).IsRefused("audience-empty");

    [Theory]
    [InlineData(CampaignStatus.Sending)]
    [InlineData(CampaignStatus.Sent)]
    public void Sending_again_is_nothing(CampaignStatus status) => Facts.In(status).When(Launch(hasAudience: true)).Nothing();

    [Theory]
    [InlineData(CampaignStatus.Paused)]
    [InlineData(CampaignStatus.Failed)]
    [InlineData(CampaignStatus.Cancelled)]
    public void A_stopped_campaign_cannot_be_sent(CampaignStatus status) =>
        Facts.In(status).When(Launch(hasAudience: true)).IsRefused("campaign-not-launchable");

    [Theory]
    [InlineData(CampaignStatus.Missing)]
    [InlineData(CampaignStatus.Deleted)]
    public void What_is_not_there_cannot_be_sent(CampaignStatus status) =>
        Facts.In(status).When(Launch(hasAudience: true)).IsRefused("not-found");

    private static Func<Campaign, Decision> Launch(bool hasAudience) => campaign => LaunchCampaign.Decide(campaign, Facts.Key, hasAudience);
}
