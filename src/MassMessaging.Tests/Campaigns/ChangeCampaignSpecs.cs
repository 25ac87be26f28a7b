using MassMessaging.Campaigns;
using MassMessaging.Kernel;
using static MassMessaging.Campaigns.CampaignStatus;

namespace MassMessaging.Tests.Campaigns;

public sealed class ChangeCampaignSpecs
{
    private static readonly DateTimeOffset Later = Facts.Noon.AddHours(1);

    public static TheoryData<string, CampaignStatus, string> Refusals { get; } = Table(
        ("edit", "campaign-not-editable", [CampaignStatus.Sending, Paused, Sent, Failed, Cancelled]),
        ("schedule", "campaign-not-schedulable", [CampaignStatus.Sending, Paused, Sent, Failed, Cancelled]),
        ("unschedule", "campaign-not-schedulable", [CampaignStatus.Sending, Paused, Sent, Failed, Cancelled]),
        ("pause", "campaign-not-sending", [Draft, Scheduled, Sent, Failed, Cancelled]),
        ("resume", "campaign-not-paused", [Draft, Scheduled, Sent, Failed, Cancelled]),
        ("cancel", "campaign-not-cancellable", [Sent, Failed]),
        ("delete", "campaign-not-draft", [Scheduled, CampaignStatus.Sending, Paused, Sent, Failed, Cancelled]));

    [Theory]
    [MemberData(nameof(Refusals))]
    public void An_act_that_the_status_does_not_allow_is_refused(string act, CampaignStatus status, string code) =>
        Facts.In(status).When(Act(act)).IsRefused(code);

    [Theory]
    [InlineData("edit")]
    [InlineData("schedule")]
    [InlineData("unschedule")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("cancel")]
    [InlineData("delete")]
    public void Nothing_can_be_done_to_a_campaign_that_is_not_there(string act)
    {
        Facts.Missing.When(Act(act)).IsRefused("not-found");
        Facts.Deleted.When(Act(act)).IsRefused("not-found");
    }

    [Fact]
    public void A_draft_is_edited() => Facts.Draft.When(Act("edit")).Follows(new CampaignEdited(Facts.Content, null)).Sends();

    [Fact]
    public void A_draft_is_scheduled_and_starts_by_itself() =>
        Facts.Draft.When(Act("schedule")).Follows(new CampaignScheduled(Later)).Sends(Facts.Start(Later));

    [Fact]
    public void A_scheduled_campaign_is_moved() =>
        Facts.Scheduled.When(Act("schedule")).Follows(new CampaignScheduled(Later)).Sends(Facts.Start(Later));

    [Fact]
    public void Scheduling_for_the_same_time_again_is_nothing() =>
        Facts.Scheduled.When(campaign => ChangeCampaign.Schedule(campaign, Facts.Key, Facts.Noon)).Nothing();

    [Fact]
    public void A_scheduled_campaign_becomes_a_draft_again() =>
        Facts.Scheduled.When(ChangeCampaign.Unschedule).Follows(new CampaignUnscheduled()).Sends();

    [Fact]
    public void A_sending_campaign_is_paused() => Facts.Sending.When(Act("pause")).Follows(new CampaignPaused(null)).Sends();

    [Fact]
    public void A_paused_campaign_is_resumed_and_may_be_at_its_end() =>
        Facts.Paused.When(Act("resume")).Follows(new CampaignResumed()).Sends(Facts.Settle);

    [Fact]
    public void A_campaign_whose_start_was_missed_is_launched_when_it_is_resumed() => Facts.Missed.When(Act("resume"))
        .Follows(new CampaignLaunched(Facts.Content))
        .Sends(new Outgoing(new PlanAudience(Facts.Key.Profile, Facts.Key.Id, After: null, 0, 0), null, null));

    [Fact]
    public void A_campaign_whose_start_was_missed_is_not_resumed_for_nobody() =>
        Facts.Missed.When(campaign => ChangeCampaign.Resume(campaign, Facts.Key, hasAudience: false)).IsRefused("audience-empty");

    [Fact]
    public void A_campaign_whose_start_was_missed_gets_another() =>
        Facts.Missed.When(Act("schedule")).Follows(new CampaignScheduled(Later)).Sends(Facts.Start(Later));

    [Theory]
    [InlineData(CampaignStatus.Sending)]
    [InlineData(Paused)]
    public void A_launched_campaign_is_cancelled_and_settled(CampaignStatus status) =>
        Facts.In(status).When(Act("cancel")).Follows(new CampaignCancelled()).Sends(Facts.Settle);

    [Theory]
    [InlineData(Draft)]
    [InlineData(Scheduled)]
    public void A_campaign_without_recipients_is_cancelled_and_that_is_all(CampaignStatus status) =>
        Facts.In(status).When(Act("cancel")).Follows(new CampaignCancelled()).Sends();

    [Fact]
    public void A_draft_is_deleted() => Facts.Draft.When(Act("delete")).Follows(new CampaignDeleted()).Sends();

    [Theory]
    [InlineData("unschedule", Draft)]
    [InlineData("pause", Paused)]
    [InlineData("resume", CampaignStatus.Sending)]
    [InlineData("cancel", Cancelled)]
    public void Doing_it_twice_is_nothing(string act, CampaignStatus status) => Facts.In(status).When(Act(act)).Nothing();

    private static Func<Campaign, Decision> Act(string act) => act switch
    {
        "edit" => campaign => ChangeCampaign.Edit(campaign, Facts.Content, null),
        "schedule" => campaign => ChangeCampaign.Schedule(campaign, Facts.Key, Later),
        "unschedule" => ChangeCampaign.Unschedule,
        "pause" => campaign => ChangeCampaign.Pause(campaign),
        "resume" => campaign => ChangeCampaign.Resume(campaign, Facts.Key, hasAudience: true),
        "cancel" => campaign => ChangeCampaign.Cancel(campaign, Facts.Key),
        _ => ChangeCampaign.Delete,
    };

    private static TheoryData<string, CampaignStatus, string> Table(params (string Act, string Code, CampaignStatus[] Statuses)[] rows)
    {
        var table = new TheoryData<string, CampaignStatus, string>();
        foreach (var (act, code, statuses) in rows)
        {
            foreach (var status in statuses) table.Add(act, status, code);
        }

        return table;
    }
}
