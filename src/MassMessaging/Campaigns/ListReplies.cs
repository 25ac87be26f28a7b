using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <param name="Text">As the client wrote it.</param>
public sealed record ReplyAnswer(Guid MemberId, Guid ClientId, string Text, DateTimeOffset At);

/// <summary><c>GET /api/campaigns/{id}/replies</c>: what clients answered, newest first. Erased clients' answers are gone.</summary>
public static class ListReplies
{
    private const string Select = """
        select id, member_id, client_id, text, at from campaign_reply
        where profile_id = @profile and campaign_id = @campaign and (@after::uuid is null or id < @after)
        order by id desc limit @limit
        """;

    private const string All = "select count(*) from campaign_reply where profile_id = @profile and campaign_id = @campaign";

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapGet("/{id:guid}/replies", Get)
        .Documented("listReplies", "Lists what clients answered.", "validation-failed")
        .Produces<IReadOnlyList<ReplyAnswer>>();

    private static async Task<IResult> Get(HttpContext context, Caller caller, Guid id, Page page, IStore store, CancellationToken ct)
    {
        if (!await CampaignQuery.Exists(store, new StreamKey(caller.ProfileId, id), ct)) return Problems.NotFound();

        var rows = await store.Query(
            Select, row => (Id: row.GetGuid(0), Reply: new ReplyAnswer(row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.Time("at"))), ct,
            ("profile", caller.ProfileId), ("campaign", id), ("after", page.After), ("limit", page.Limit + 1));
        var total = await page.Total(store, All, ct, ("profile", caller.ProfileId), ("campaign", id));
        return page.List(context, rows, row => row.Id, row => row.Reply, total);
    }
}
