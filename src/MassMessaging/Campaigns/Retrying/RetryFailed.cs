using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Retrying;

/// <summary>
/// <c>POST /api/campaigns/{id}/retry-failed</c>: sends again to those who failed for a reason worth it (<see cref="RetryReasons"/>).
/// </summary>
public static class RetryFailed
{
    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{id:guid}/retry-failed", Post)
        .Documented(
            "retryFailed", "Tries those again who failed for a reason worth it; the campaign is sending again.",
            "campaign-not-retryable", "nothing-to-retry", "precondition-failed")
        .Needs(Scope.Send).Produces<CampaignAnswer>(StatusCodes.Status202Accepted);

    /// <param name="anybody">Somebody failed for a reason worth it.</param>
    public static Decision Decide(Campaign campaign, StreamKey key, bool anybody) => campaign.Status switch
    {
        CampaignStatus.Sent or CampaignStatus.Failed when !anybody =>
            Decision.Refuse("nothing-to-retry", "Nobody failed for a reason that another attempt could mend."),
        CampaignStatus.Sent or CampaignStatus.Failed => Decision.Accept(new CampaignRetried())
            .Then(new RequeueFailed(key.Profile, key.Id, After: null, Requeued: 0)),
        CampaignStatus.Missing or CampaignStatus.Deleted => Decision.Refuse("not-found", "There is no such campaign."),
        _ => Decision.Refuse("campaign-not-retryable", $"A {campaign.Status.Word()} campaign cannot be retried: it has not ended by itself."),
    };

    private static async Task<IResult> Post(HttpContext context, Guid id, Caller caller, IStore store, CancellationToken ct)
    {
        var command = new CampaignCommand(context, store, caller, id);
        var anybody = await Anybody(store, caller.Origin, command.Key, ct);
        return await command.Run(
            campaign => Decide(campaign, command.Key, anybody), ct,
            () => command.Show(ct, answer => TypedResults.Accepted((string?)null, answer)));
    }

    private static async Task<bool> Anybody(IStore store, Origin origin, StreamKey campaign, CancellationToken ct)
    {
        await using var session = store.Open(origin);
        return (await FailedMembers.Page(session, campaign, after: null, most: 1, ct)).Count > 0;
    }
}
