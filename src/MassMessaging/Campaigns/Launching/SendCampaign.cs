using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Launching;

/// <summary><c>POST /{id}/send</c>: again while sending or sent is no error and has no effect.</summary>
public static class SendCampaign
{
    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{campaignId:guid}/send", Post)
        .Documented(
            "sendCampaign", "Sends a draft or scheduled campaign now; again while sending or sent has no effect.",
            "audience-empty", "campaign-not-launchable", "precondition-failed")
        .Needs(Scope.Send).Produces<CampaignAnswer>(StatusCodes.Status202Accepted);

    private static async Task<IResult> Post(HttpContext context, Guid campaignId, Caller caller, IStore store, CancellationToken ct)
    {
        var command = new CampaignCommand(context, store, caller, campaignId);
        var hasAudience = await HasAudience(store, caller.Origin, command.Key, ct);
        return await command.Run(
            campaign => LaunchCampaign.Decide(campaign, command.Key, hasAudience), ct,
            () => command.Show(ct, answer => TypedResults.Accepted((string?)null, answer)),
            session => Freeze.Launch(session, command.Key, ct));
    }

    /// <summary>Asked before the decision: who is in may change meanwhile, and an empty launch then completes as failed.</summary>
    public static async Task<bool> HasAudience(IStore store, Origin origin, StreamKey campaign, CancellationToken ct)
    {
        await using var session = store.Open(origin);
        return await CampaignContent.Audience(session, campaign, ct) is { } audience
            && await AudienceQuery.Any(session, campaign.Profile, audience, ct);
    }
}
