using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary><c>POST /{id}/pause</c>, <c>/cancel</c> and <c>/resume</c>. Nothing is written to the gateway after a pause or a cancel has answered.</summary>
public static class StopCampaign
{
    public static void Map(IEndpointRouteBuilder campaigns)
    {
        campaigns.MapPost("/{campaignId:guid}/pause", Pause)
            .Documented("pauseCampaign", "Pauses a campaign; when it has answered, nothing more goes to the gateway.", "campaign-not-sending")
            .Produces<CampaignAnswer>();
        campaigns.MapPost("/{campaignId:guid}/cancel", Cancel)
            .Documented("cancelCampaign", "Cancels a campaign for good; who was not written to yet is skipped.", "campaign-not-cancellable")
            .Produces<CampaignAnswer>();
        campaigns.MapPost("/{campaignId:guid}/resume", Resume)
            .Documented("resumeCampaign", "Lets a paused campaign go on.", "campaign-not-paused")
            .Produces<CampaignAnswer>();
    }

    private static Task<IResult> Pause(Guid campaignId, Caller caller, IStore store, LaneGate gate, HttpContext context, CancellationToken ct) =>
        Stop(new StreamKey(caller.ProfileId, campaignId), campaign => ChangeCampaign.Pause(campaign), caller, store, gate, context, ct);

    private static Task<IResult> Cancel(Guid campaignId, Caller caller, IStore store, LaneGate gate, HttpContext context, CancellationToken ct)
    {
        var key = new StreamKey(caller.ProfileId, campaignId);
        return Stop(key, campaign => ChangeCampaign.Cancel(campaign, key), caller, store, gate, context, ct);
    }

    private static async Task<IResult> Stop(
        StreamKey key, Func<Campaign, Decision> decide, Caller caller, IStore store, LaneGate gate, HttpContext context, CancellationToken ct)
    {
        var epoch = 0L;
        var decided = await store.Decide(
            caller.Origin, key, decide, async session => epoch = await gate.Close(session, key.Profile, ct), ct);
        if (decided.Outcome is Decision.Accepted) await gate.Silence(key, epoch, ct);
        return await CampaignActs.Answer(store, key, decided, context, StatusCodes.Status200OK, ct);
    }

    private static async Task<IResult> Resume(Guid campaignId, Caller caller, IStore store, HttpContext context, CancellationToken ct)
    {
        var key = new StreamKey(caller.ProfileId, campaignId);
        var decided = await store.Decide<Campaign>(caller.Origin, key, campaign => ChangeCampaign.Resume(campaign, key), ct);
        return await CampaignActs.Answer(store, key, decided, context, StatusCodes.Status200OK, ct);
    }
}
