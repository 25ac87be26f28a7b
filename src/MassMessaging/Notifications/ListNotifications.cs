using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Notifications;

/// <summary><c>GET /api/notifications?unread=</c>: newest first.</summary>
public static class ListNotifications
{
    private const string Chosen =
        "profile_id = @profile and (@unread::boolean is null or (@unread and read_at is null) or (not @unread and read_at is not null))";

    private const string SelectPage = $"""
        select {NotificationRow.Columns}
        from notification
        where {Chosen}
          and (@after::uuid is null or (at, id) < (select at, id from notification where profile_id = @profile and id = @after))
        order by at desc, id desc
        limit @limit
        """;

    private const string Count = $"select count(*) from notification where {Chosen}";

    public static void Map(IEndpointRouteBuilder notifications) => notifications.MapGet("/", Get)
        .Documented("listNotifications", "What the advisor must know, newest first.", "validation-failed")
        .Asks("unread", "true: only those not read yet; false: only those read.")
        .Produces<NotificationRow[]>();

    private static async Task<IResult> Get(HttpContext context, Caller caller, Query query, Page page, IStore store, CancellationToken ct)
    {
        var unread = query.Flag("unread");
        query.ThrowIfWrong();

        (string, object?)[] chosen = [("profile", caller.ProfileId), ("unread", unread)];
        var rows = await store.Query(SelectPage, NotificationRow.Read, ct, [.. chosen, ("after", page.After), ("limit", page.Limit + 1)]);
        var total = await page.Total(store, Count, ct, chosen);
        return page.List(context, rows, row => row.Id, total);
    }
}
