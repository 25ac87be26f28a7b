using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary><c>GET /api/campaigns/{id}</c>.</summary>
public static class ReadCampaign
{
    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapGet("/{id:guid}", Get)
        .Documented("readCampaign", "Answers a campaign with its counters.").Produces<CampaignAnswer>();

    private static Task<IResult> Get(HttpContext context, Caller caller, Guid id, IStore store, CancellationToken ct) =>
        new CampaignCommand(context, store, caller, id).Show(ct);
}
