using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Launching;

/// <summary>A scheduled start fell due. The campaign's state says whether it still matters, and when.</summary>
public sealed class StartCampaignHandler : IHandle<StartCampaign>
{
    public async Task Handle(IReadOnlyList<StartCampaign> messages, ISession session, CancellationToken ct)
    {
        foreach (var message in messages)
        {
            var campaign = await session.FetchForWriting<Campaign>(new StreamKey(message.ProfileId, message.CampaignId), ct);
            if (campaign.State.Status != CampaignStatus.Scheduled) continue;

            var audience = await CampaignContent.Audience(session, campaign.Key, ct) ?? AudienceSpec.Nobody;
            var decision = Decide(
                campaign.State, campaign.Key, session.Now, await AudienceQuery.Any(session, message.ProfileId, audience, ct));
            session.Append(campaign.Key, campaign.Version, decision.Events);
            foreach (var outgoing in decision.Messages) session.Send(outgoing.Message, outgoing.Key, outgoing.At);
            if (decision.Events is [CampaignLaunched]) await Freeze.Launch(session, campaign.Key, ct);
        }
    }

    public static Decision.Accepted Decide(Campaign campaign, StreamKey key, DateTimeOffset now, bool hasAudience) =>
        (campaign.ScheduledAt > now, hasAudience) switch
        {
            // Moved to later since this timer was set.
            (true, _) => Decision.Accept().Then(new StartCampaign(key.Profile, key.Id), StartCampaign.Key(key), campaign.ScheduledAt),
            (false, true) => (Decision.Accepted)LaunchCampaign.Decide(campaign, key, hasAudience),
            (false, false) => Decision.Accept(new CampaignCompleted(CampaignStatus.Failed, "audience-empty")),
        };
}
