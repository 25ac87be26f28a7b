using MassMessaging.Campaigns.Restores;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>The table of a person's acts on a campaign. Doing one twice is nothing; an illegal one is a refusal (409).</summary>
public static class ChangeCampaign
{
    public static Decision Edit(Campaign campaign, Guid contentId, Guid? templateId) => campaign.Status switch
    {
        CampaignStatus.Draft or CampaignStatus.Scheduled => Decision.Accept(new CampaignEdited(contentId, templateId)),
        _ => No(campaign, "campaign-not-editable", "edited"),
    };

    public static Decision Schedule(Campaign campaign, StreamKey key, DateTimeOffset at) => campaign.Status switch
    {
        CampaignStatus.Scheduled when campaign.ScheduledAt == at => Decision.Nothing,
        CampaignStatus.Draft or CampaignStatus.Scheduled => ScheduledFor(key, at),
        CampaignStatus.Paused when !campaign.IsLaunched => ScheduledFor(key, at), // its start was missed: it gets another
        _ => No(campaign, "campaign-not-schedulable", "scheduled"),
    };

    public static Decision Unschedule(Campaign campaign) => campaign.Status switch
    {
        CampaignStatus.Scheduled => Decision.Accept(new CampaignUnscheduled()),
        CampaignStatus.Draft => Decision.Nothing,
        _ => No(campaign, "campaign-not-schedulable", "unscheduled"),
    };

    /// <param name="reason">Null for a person's act, else what needs a person.</param>
    public static Decision Pause(Campaign campaign, string? reason = null) => campaign.Status switch
    {
        CampaignStatus.Paused => Decision.Nothing,
        CampaignStatus.Sending => Decision.Accept(new CampaignPaused(reason)),
        _ => No(campaign, "campaign-not-sending", "paused"),
    };

    /// <summary>The database was restored: what would go out by itself needs a person.</summary>
    public static Decision Hold(Campaign campaign) => campaign.Status is CampaignStatus.Sending or CampaignStatus.Scheduled
        ? Decision.Accept(new CampaignPaused(HoldRestored.Reason))
        : Decision.Nothing;

    /// <param name="hasAudience">Somebody is in; matters when the campaign was paused before it was launched.</param>
    public static Decision Resume(Campaign campaign, StreamKey key, bool hasAudience) => campaign.Status switch
    {
        CampaignStatus.Sending => Decision.Nothing,
        CampaignStatus.Paused when !campaign.IsLaunched => LaunchCampaign.Start(campaign, key, hasAudience),
        CampaignStatus.Paused => Decision.Accept(new CampaignResumed()).Then(new SettleCampaign(key.Profile, key.Id), key.Id.ToString()),
        _ => No(campaign, "campaign-not-paused", "resumed"),
    };

    public static Decision Cancel(Campaign campaign, StreamKey key) => campaign.Status switch
    {
        CampaignStatus.Cancelled => Decision.Nothing,
        CampaignStatus.Draft or CampaignStatus.Scheduled => Decision.Accept(new CampaignCancelled()),
        CampaignStatus.Sending or CampaignStatus.Paused => Decision.Accept(new CampaignCancelled())
            .Then(new SettleCampaign(key.Profile, key.Id), key.Id.ToString()),
        _ => No(campaign, "campaign-not-cancellable", "cancelled"),
    };

    public static Decision Delete(Campaign campaign) => campaign.Status switch
    {
        CampaignStatus.Draft => Decision.Accept(new CampaignDeleted()),
        _ => No(campaign, "campaign-not-draft", "deleted"),
    };

    private static Decision.Accepted ScheduledFor(StreamKey key, DateTimeOffset at) => Decision.Accept(new CampaignScheduled(at))
        .Then(new StartCampaign(key.Profile, key.Id), StartCampaign.Key(key), at);

    private static Decision No(Campaign campaign, string code, string act) => campaign.Status switch
    {
        CampaignStatus.Missing or CampaignStatus.Deleted => Decision.Refuse("not-found", "There is no such campaign."),
        _ => Decision.Refuse(code, $"A {campaign.Status.Word()} campaign cannot be {act}."),
    };
}

/// <summary>
/// The timer of a scheduled campaign. Never cancelled: when it falls due, the campaign's state says whether it still matters.
/// </summary>
public sealed record StartCampaign(Guid ProfileId, Guid CampaignId)
{
    public static string Key(StreamKey campaign) => campaign.Id.ToString();
}
