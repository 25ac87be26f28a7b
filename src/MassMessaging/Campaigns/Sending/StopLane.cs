using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>The gateway said what only a person can mend: every campaign of the lane is paused with the reason.</summary>
public sealed record StopLane(Guid ProfileId, string Reason)
{
    public static void Ask(ISession session, IReadOnlyList<CallOutcome> outcomes)
    {
        foreach (var lane in outcomes.Where(one => one.Outcome is SendOutcome.InstanceGone).GroupBy(one => one.Permit.Member.Profile))
            session.Send(new StopLane(lane.Key, ((SendOutcome.InstanceGone)lane.First().Outcome).Reason), lane.Key.ToString());
    }
}

public sealed class StopLaneHandler : IHandle<StopLane>
{
    private const string Sending = "select id from campaign where profile_id = @profile and status = 'sending' order by id";

    public async Task Handle(IReadOnlyList<StopLane> messages, ISession session, CancellationToken ct)
    {
        foreach (var stop in messages)
            foreach (var id in await session.Query(Sending, row => row.GetGuid(0), ct, ("profile", stop.ProfileId)))
            {
                var campaign = await session.FetchForWriting<Campaign>(new StreamKey(stop.ProfileId, id), ct);
                if (ChangeCampaign.Pause(campaign.State, stop.Reason) is Decision.Accepted { Events.Count: > 0 } paused)
                {
                    session.Append(campaign.Key, campaign.Version, paused.Events);
                    await CampaignNotices.Paused(session, campaign, stop.Reason, ct);
                }
            }
    }
}
