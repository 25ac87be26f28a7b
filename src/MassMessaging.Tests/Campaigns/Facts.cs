using MassMessaging.Campaigns;
using MassMessaging.Kernel;

namespace MassMessaging.Tests.Campaigns;

/// <summary>A campaign in each of its states.</summary>
public static class Facts
{
    public static readonly StreamKey Key = new(Guid.CreateVersion7(), Guid.CreateVersion7());
    public static readonly Guid Content = Guid.CreateVersion7();
    public static readonly Guid Template = Guid.CreateVersion7();
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly CampaignDrafted Drafted = new(Content, Template);

    public static Given<Campaign> Missing => new();

    public static Given<Campaign> Draft => new(Drafted);

    public static Given<Campaign> Scheduled => new(Drafted, new CampaignScheduled(Noon));

    public static Given<Campaign> Sending => new(Drafted, new CampaignLaunched(Content));

    public static Given<Campaign> Paused => new(Drafted, new CampaignLaunched(Content), new CampaignPaused(null));

    public static Given<Campaign> Missed => new(Drafted, new CampaignScheduled(Noon), new CampaignPaused("start-missed"));

    public static Given<Campaign> Sent =>
        new(Drafted, new CampaignLaunched(Content), new AudiencePlanned(1, 0), new CampaignCompleted(CampaignStatus.Sent, null));

    public static Given<Campaign> Failed => new(Drafted, new CampaignLaunched(Content), new CampaignCompleted(CampaignStatus.Failed, "x"));

    public static Given<Campaign> Cancelled => new(Drafted, new CampaignCancelled());

    public static Given<Campaign> Deleted => new(Drafted, new CampaignDeleted());

    public static Given<Campaign> In(CampaignStatus status) => status switch
    {
        CampaignStatus.Missing => Missing,
        CampaignStatus.Draft => Draft,
        CampaignStatus.Scheduled => Scheduled,
        CampaignStatus.Sending => Sending,
        CampaignStatus.Paused => Paused,
        CampaignStatus.Sent => Sent,
        CampaignStatus.Failed => Failed,
        CampaignStatus.Cancelled => Cancelled,
        _ => Deleted,
    };

    public static Outgoing Start(DateTimeOffset at) => new(new StartCampaign(Key.Profile, Key.Id), Key.Id.ToString(), at);

    public static Outgoing Settle => new(new SettleCampaign(Key.Profile, Key.Id), Key.Id.ToString(), null);
}
