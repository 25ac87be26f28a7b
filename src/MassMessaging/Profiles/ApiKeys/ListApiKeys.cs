using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Profiles.ApiKeys;

/// <summary><c>GET /api/api-keys</c>: those that were not revoked; one that has expired stays in sight.</summary>
public static class ListApiKeys
{
    private const string SelectPage = $"""
        select {ApiKeyRow.Columns} from api_key
        where profile_id = @profile and revoked_at is null and (@after::uuid is null or id < @after)
        order by id desc limit @limit
        """;

    private const string Count = "select count(*) from api_key where profile_id = @profile and revoked_at is null";

    public static void Map(IEndpointRouteBuilder keys) => keys.MapGet("/", Get)
        .Documented("listApiKeys", "Lists the keys, without their secrets.", "validation-failed").Produces<ApiKeyRow[]>();

    private static async Task<IResult> Get(Caller caller, Page page, HttpContext context, IStore store, CancellationToken ct)
    {
        var rows = await store.Query(
            SelectPage, ApiKeyRow.Read, ct, ("profile", caller.ProfileId), ("after", page.After), ("limit", page.Limit + 1));
        var total = await page.Total(store, Count, ct, ("profile", caller.ProfileId));
        return page.List(context, rows, row => row.Id, total);
    }
}
