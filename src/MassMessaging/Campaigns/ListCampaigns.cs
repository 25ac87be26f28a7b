using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary><c>GET /api/campaigns?status=</c>: newest first.</summary>
public static class ListCampaigns
{
    private static readonly CampaignStatus[] Shown =
    [
        CampaignStatus.Draft, CampaignStatus.Scheduled, CampaignStatus.Sending, CampaignStatus.Paused, CampaignStatus.Sent,
        CampaignStatus.Failed, CampaignStatus.Cancelled,
    ];

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapGet("/", Get)
        .Documented("listCampaigns", "Lists the campaigns, newest first.", "validation-failed")
        .Asks("status", "Only campaigns that stand so.")
        .Produces<IReadOnlyList<CampaignAnswer>>();

    private static async Task<IResult> Get(HttpContext context, Caller caller, Query query, Page page, IStore store, CancellationToken ct)
    {
        var status = query.OneOf("status", Shown);
        query.ThrowIfWrong();

        var rows = CampaignQuery.Page(store, caller.ProfileId, status, page.After, page.Limit, ct);
        var total = page.Total(() => CampaignQuery.Count(store, caller.ProfileId, status, ct));
        await Task.WhenAll(rows, total);
        return page.List(context, (await rows).ConvertAll(shown => shown.Answer), answer => answer.Id, await total);
    }
}
