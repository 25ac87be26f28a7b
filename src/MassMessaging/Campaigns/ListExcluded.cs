using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <param name="Reason">
/// <c>erased</c>, <c>opted-out</c>, <c>invalid-phone</c>, <c>duplicate</c>, <c>excluded-client</c>, <c>excluded-campaign</c>,
/// <c>contacted-recently</c> or <c>frequency-cap</c>.
/// </param>
public sealed record ExcludedAnswer(Guid ClientId, string Reason);

/// <summary><c>GET /api/campaigns/{id}/excluded</c>: whom the launch left out, and why.</summary>
public static class ListExcluded
{
    private const string Select = """
        select client_id, reason from campaign_excluded
        where profile_id = @profile and campaign_id = @campaign and (@after::uuid is null or client_id < @after::uuid)
        order by client_id desc limit @limit
        """;

    private const string All = "select count(*) from campaign_excluded where profile_id = @profile and campaign_id = @campaign";

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapGet("/{id:guid}/excluded", Get)
        .Documented("listExcluded", "Lists whom the launch left out of the audience.", "validation-failed")
        .Produces<IReadOnlyList<ExcludedAnswer>>();

    private static async Task<IResult> Get(HttpContext context, Caller caller, Guid id, Page page, IStore store, CancellationToken ct)
    {
        if (!await CampaignQuery.Exists(store, new StreamKey(caller.ProfileId, id), ct)) return Problems.NotFound();

        var rows = await store.Query(
            Select, row => new ExcludedAnswer(row.GetGuid(0), row.GetString(1)), ct,
            ("profile", caller.ProfileId), ("campaign", id), ("after", page.After), ("limit", page.Limit + 1));
        var total = await page.Total(store, All, ct, ("profile", caller.ProfileId), ("campaign", id));
        return page.List(context, rows, row => row.ClientId, total);
    }
}
