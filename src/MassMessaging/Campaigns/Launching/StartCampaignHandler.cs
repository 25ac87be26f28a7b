using MassMessaging.Kernel;
using MassMessaging.Notifications;

namespace MassMessaging.Campaigns.Launching;

/// <summary>
/// A scheduled start fell due. The campaign's state says whether it still matters, and when; far too late, a person decides.
/// </summary>
public sealed class StartCampaignHandler(StartGrace grace) : IHandle<StartCampaign>
{
    public const string Missed = "start-missed";

    public async Task Handle(IReadOnlyList<StartCampaign> messages, ISession session, CancellationToken ct)
    {
        foreach (var message in messages)
        {
            var campaign = await session.FetchForWriting<Campaign>(new StreamKey(message.ProfileId, message.CampaignId), ct);
            if (campaign.State.Status != CampaignStatus.Scheduled) continue;

            var audience = await CampaignContent.Audience(session, campaign.Key, ct) ?? AudienceSpec.Nobody;
            var decision = Decide(
                campaign.State, campaign.Key, session.Now, grace, await AudienceQuery.Any(session, message.ProfileId, audience, ct));
            session.Append(campaign.Key, campaign.Version, decision.Events);
            foreach (var outgoing in decision.Messages) session.Send(outgoing.Message, outgoing.Key, outgoing.At);
            await Follow(decision, campaign.Key, session, ct);
        }
    }

    public static Decision.Accepted Decide(Campaign campaign, StreamKey key, DateTimeOffset now, StartGrace grace, bool hasAudience) =>
        (now - campaign.ScheduledAt) switch
        {
            // Moved to later since this timer was set.
            { Ticks: < 0 } => Decision.Accept().Then(new StartCampaign(key.Profile, key.Id), StartCampaign.Key(key), campaign.ScheduledAt),
            { } late when late > grace.Longest => Decision.Accept(new CampaignPaused(Missed)),
            _ when hasAudience => (Decision.Accepted)LaunchCampaign.Decide(campaign, key, hasAudience),
            _ => Decision.Accept(new CampaignCompleted(CampaignStatus.Failed, "audience-empty")),
        };

    private static Task Follow(Decision.Accepted decision, StreamKey campaign, ISession session, CancellationToken ct) => decision.Events switch
    {
        [CampaignLaunched] => Freeze.Launch(session, campaign, ct),
        [CampaignPaused] => Notify.Tell(
            session, campaign.Profile, NotificationCodes.StartMissed, campaign.Id,
            "Una campaña programada no salió a su hora porque el servicio no estaba disponible. Quedó en pausa: podés reanudarla o darle otra fecha.",
            ct),
        [CampaignCompleted] => Notify.Tell(
            session, campaign.Profile, NotificationCodes.CampaignFailed, campaign.Id,
            "Una campaña programada no salió: a su hora no había nadie en su audiencia.", ct),
        _ => Task.CompletedTask,
    };
}
