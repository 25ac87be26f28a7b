using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>Durable work of a launch: plans the next chunk of the audience, behind the client named by <paramref name="After"/>.</summary>
/// <param name="Given">How many have each variant so far; null before the first chunk.</param>
public sealed record PlanAudience(
    Guid ProfileId, Guid CampaignId, Guid? After, long Included, long Excluded, IReadOnlyList<long>? Given = null);

/// <summary>The same of half an audience; another chain plans the other half. A name of its own: older nodes know of no halves.</summary>
/// <param name="Until">The last client of the half; null: there is no last one.</param>
public sealed record PlanHalf(PlanAudience Chunk, Guid? Until);

/// <summary>
/// Sent whenever a campaign may have come to its end, keyed by the campaign: skips what a cancelled one left, completes one whose last
/// member is settled, else does nothing.
/// </summary>
public sealed record SettleCampaign(Guid ProfileId, Guid CampaignId);

public static class LaunchCampaign
{
    /// <param name="hasAudience">Somebody is in; asked for in the same transaction.</param>
    public static Decision Decide(Campaign campaign, StreamKey key, bool hasAudience) => campaign.Status switch
    {
        CampaignStatus.Sending or CampaignStatus.Sent => Decision.Nothing,
        CampaignStatus.Draft or CampaignStatus.Scheduled => Start(campaign, key, hasAudience),
        CampaignStatus.Missing or CampaignStatus.Deleted => Decision.Refuse("not-found", "There is no such campaign."),
        _ => Decision.Refuse("campaign-not-launchable", $"A {campaign.Status.Word()} campaign cannot be sent."),
    };

    /// <summary>Of a campaign that was never launched.</summary>
    public static Decision Start(Campaign campaign, StreamKey key, bool hasAudience) => hasAudience
        ? Decision.Accept(new CampaignLaunched(campaign.ContentId)).Then(new PlanAudience(key.Profile, key.Id, After: null, 0, 0))
        : Decision.Refuse("audience-empty", "Nobody is in the audience of this campaign.");
}
