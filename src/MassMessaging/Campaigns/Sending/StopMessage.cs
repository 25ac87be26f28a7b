using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// The gateway does not take a campaign's message (its template is missing, paused or disabled): that campaign is paused, no other.
/// </summary>
public sealed record StopMessage(Guid ProfileId, Guid CampaignId, string Reason)
{
    public static void Ask(ISession session, IReadOnlyList<CallOutcome> outcomes)
    {
        foreach (var one in outcomes.Where(one => one.Outcome is SendOutcome.MessageStopped).DistinctBy(one => one.Permit.CampaignId))
            session.Send(
                new StopMessage(one.Permit.Member.Profile, one.Permit.CampaignId, ((SendOutcome.MessageStopped)one.Outcome).Reason),
                one.Permit.CampaignId.ToString());
    }
}

public sealed class StopMessageHandler : IHandle<StopMessage>
{
    public async Task Handle(IReadOnlyList<StopMessage> messages, ISession session, CancellationToken ct)
    {
        foreach (var stop in messages)
        {
            var campaign = await session.FetchForWriting<Campaign>(new StreamKey(stop.ProfileId, stop.CampaignId), ct);
            if (ChangeCampaign.Pause(campaign.State, stop.Reason) is not Decision.Accepted { Events.Count: > 0 } paused) continue;

            session.Append(campaign.Key, campaign.Version, paused.Events);
            await CampaignNotices.Paused(session, campaign, stop.Reason, ct);
        }
    }
}
