using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Launching;

/// <summary><c>POST /{id}/send</c>: again while sending or sent is no error and has no effect.</summary>
public static class SendCampaign
{
    private const string Spec = """
        select t.audience from campaign c
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        where c.profile_id = @profile and c.id = @campaign
        """;

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{campaignId:guid}/send", Post)
        .Documented(
            "sendCampaign", "Sends a draft or scheduled campaign now; again while sending or sent has no effect.",
            "audience-empty", "campaign-not-launchable")
        .Produces<CampaignAnswer>(StatusCodes.Status202Accepted);

    private static async Task<IResult> Post(Guid campaignId, Caller caller, IStore store, HttpContext context, CancellationToken ct)
    {
        var key = new StreamKey(caller.ProfileId, campaignId);
        var hasAudience = await HasAudience(store, caller, campaignId, ct);
        var decided = await store.Decide<Campaign>(
            caller.Origin, key, campaign => LaunchCampaign.Decide(campaign, key, hasAudience), session => Freeze.Launch(session, key, ct), ct);
        return await CampaignActs.Answer(store, key, decided, context, StatusCodes.Status202Accepted, ct);
    }

    private static async Task<bool> HasAudience(IStore store, Caller caller, Guid campaignId, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        var spec = await session.Query(
            Spec, row => AudienceSpec.FromJson(row.GetString(0)), ct, ("profile", caller.ProfileId), ("campaign", campaignId));
        return spec is [var audience] && await AudienceQuery.Any(session, caller.ProfileId, audience, ct);
    }
}
