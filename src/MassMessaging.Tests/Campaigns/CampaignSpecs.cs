using MassMessaging.Campaigns;

namespace MassMessaging.Tests.Campaigns;

public sealed class CampaignSpecs
{
    [Theory]
    [InlineData(CampaignStatus.Missing)]
    [InlineData(CampaignStatus.Draft)]
    [InlineData(CampaignStatus.Scheduled)]
    [InlineData(CampaignStatus.Sending)]
    [InlineData(CampaignStatus.Paused)]
    [InlineData(CampaignStatus.Sent)]
    [InlineData(CampaignStatus.Failed)]
    [InlineData(CampaignStatus.Cancelled)]
    [InlineData(CampaignStatus.Deleted)]
    public void Its_facts_fold_to_the_status_they_tell(CampaignStatus status) => Assert.Equal(status, Facts.In(status).State.Status);

    [Fact]
    public void An_edit_replaces_the_content_and_keeps_the_status()
    {
        var content = Guid.CreateVersion7();

        var campaign = Campaign.Evolve(Facts.Scheduled.State, new CampaignEdited(content, null));

        Assert.Equal((CampaignStatus.Scheduled, content, null), (campaign.Status, campaign.ContentId, campaign.TemplateId));
    }

    [Fact]
    public void An_unscheduled_campaign_is_a_draft_without_a_start()
    {
        var campaign = Campaign.Evolve(Facts.Scheduled.State, new CampaignUnscheduled());

        Assert.Equal((CampaignStatus.Draft, null), (campaign.Status, campaign.ScheduledAt));
    }

    [Fact]
    public void A_resumed_campaign_is_sending_and_knows_what_was_planned()
    {
        var campaign = new Given<Campaign>(
            Facts.Drafted, new CampaignLaunched(Facts.Content), new CampaignPaused("x"), new AudiencePlanned(2, 1),
            new CampaignResumed()).State;

        Assert.Equal((CampaignStatus.Sending, true), (campaign.Status, campaign.IsPlanned));
    }

    [Fact]
    public void A_fact_of_another_stream_changes_nothing() =>
        Assert.Equal(Facts.Draft.State, Campaign.Evolve(Facts.Draft.State, new MessageSkipped(Facts.Key.Id, "x")));
}
