using MassMessaging.Campaigns;
using MassMessaging.Kernel;

namespace MassMessaging.Tests.Campaigns;

public sealed class EditCampaignSpecs
{
    private static readonly Guid NewContent = Guid.CreateVersion7();
    private static readonly DateTimeOffset Later = Facts.Noon.AddHours(1);
    private static readonly EditCampaign Nothing = new(null, SetsTemplate: false, null, SetsSchedule: false, null);

    [Fact]
    public void New_content_keeps_the_template() => Facts.Draft
        .When(Edit(Nothing with { ContentId = NewContent }))
        .Follows(new CampaignEdited(NewContent, Facts.Template)).Sends();

    [Fact]
    public void The_template_is_taken_away_when_that_is_said() => Facts.Draft
        .When(Edit(Nothing with { ContentId = NewContent, SetsTemplate = true }))
        .Follows(new CampaignEdited(NewContent, null)).Sends();

    [Fact]
    public void Content_and_start_change_together() => Facts.Draft
        .When(Edit(Nothing with { ContentId = NewContent, SetsSchedule = true, ScheduledAt = Later }))
        .Follows(new CampaignEdited(NewContent, Facts.Template), new CampaignScheduled(Later)).Sends(Facts.Start(Later));

    [Fact]
    public void No_start_makes_it_a_draft() => Facts.Scheduled
        .When(Edit(Nothing with { SetsSchedule = true })).Follows(new CampaignUnscheduled()).Sends();

    [Fact]
    public void Changing_nothing_is_nothing() => Facts.Draft.When(Edit(Nothing)).Nothing();

    [Theory]
    [InlineData(CampaignStatus.Sending)]
    [InlineData(CampaignStatus.Sent)]
    public void A_launched_campaign_is_not_edited_even_by_nothing(CampaignStatus status) =>
        Facts.In(status).When(Edit(Nothing)).IsRefused("campaign-not-editable");

    [Fact]
    public void A_new_campaign_with_a_start_is_drafted_and_scheduled() => Facts.Missing
        .When(_ => CreateCampaign.Decide(Facts.Key, Facts.Content, Facts.Template, Later))
        .Follows(Facts.Drafted, new CampaignScheduled(Later)).Sends(Facts.Start(Later));

    [Fact]
    public void A_copy_says_so_in_its_name_once_and_within_its_length()
    {
        Assert.Equal("Marzo (copia)", CloneCampaign.NameOf("Marzo"));
        Assert.Equal("Marzo (copia)", CloneCampaign.NameOf("Marzo (copia)"));
        Assert.Equal(255, CloneCampaign.NameOf(new string('a', 255)).Length);
    }

    private static Func<Campaign, Decision> Edit(EditCampaign edit) => campaign => EditCampaign.Decide(campaign, Facts.Key, edit);
}
