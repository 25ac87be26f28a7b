using MassMessaging.Campaigns.Launching;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// <c>POST /{id}/pause</c>, <c>/cancel</c> and <c>/resume</c>. Nothing is written to the gateway after a pause or a cancel has answered.
/// </summary>
public static class StopCampaign
{
    // A person says that it may go on: the next call will tell. The rate is kept by next_at, which stays.
    private const string Lift = """
        update lane set held_by = null, held_until = null, breaker_until = case when breaker_until > @now then @now else breaker_until end
        where profile_id = @profile
        """;

    public static void Map(IEndpointRouteBuilder campaigns)
    {
        campaigns.MapPost("/{campaignId:guid}/pause", Pause)
            .Documented(
                "pauseCampaign", "Pauses a campaign; when it has answered, nothing more goes to the gateway.",
                "campaign-not-sending", "precondition-failed")
            .Produces<CampaignAnswer>();
        campaigns.MapPost("/{campaignId:guid}/cancel", Cancel)
            .Documented(
                "cancelCampaign", "Cancels a campaign for good; who was not written to yet is skipped.",
                "campaign-not-cancellable", "precondition-failed")
            .Produces<CampaignAnswer>();
        campaigns.MapPost("/{campaignId:guid}/resume", Resume)
            .Documented(
                "resumeCampaign", "Lets a paused campaign go on; one whose start was missed is sent now.",
                "campaign-not-paused", "audience-empty", "precondition-failed")
            .Needs(Scope.Send).Produces<CampaignAnswer>();
    }

    private static Task<IResult> Pause(
        HttpContext context, Guid campaignId, Caller caller, IStore store, LaneGate gate, CancellationToken ct) =>
        Stop(new CampaignCommand(context, store, caller, campaignId), campaign => ChangeCampaign.Pause(campaign), gate, ct);

    private static Task<IResult> Cancel(
        HttpContext context, Guid campaignId, Caller caller, IStore store, LaneGate gate, CancellationToken ct)
    {
        var command = new CampaignCommand(context, store, caller, campaignId);
        return Stop(command, campaign => ChangeCampaign.Cancel(campaign, command.Key), gate, ct);
    }

    private static Task<IResult> Stop(CampaignCommand command, Func<Campaign, Decision> decide, LaneGate gate, CancellationToken ct)
    {
        var epoch = 0L;
        return command.Run(decide, ct, Silenced, async session => epoch = await gate.Close(session, command.Key.Profile, ct));

        async Task<IResult> Silenced()
        {
            await gate.Silence(command.Key, epoch, ct);
            return await command.Show(ct);
        }
    }

    private static async Task<IResult> Resume(HttpContext context, Guid campaignId, Caller caller, IStore store, CancellationToken ct)
    {
        var command = new CampaignCommand(context, store, caller, campaignId);
        var hasAudience = await SendCampaign.HasAudience(store, caller.Origin, command.Key, ct);
        var wasLaunched = false;
        return await command.Run(Decide, ct, alongside: async session =>
        {
            if (!wasLaunched) await Freeze.Launch(session, command.Key, ct);
            await session.Sql(Lift, ct, ("profile", command.Key.Profile), ("now", session.Now));
        });

        Decision Decide(Campaign campaign)
        {
            wasLaunched = campaign.IsLaunched;
            return ChangeCampaign.Resume(campaign, command.Key, hasAudience);
        }
    }
}
