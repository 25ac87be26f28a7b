using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Notifications;

/// <summary><c>POST /api/notifications/{id}/read</c>: again keeps the first time.</summary>
public static class ReadNotification
{
    private const string Mark = $"""
        update notification set read_at = coalesce(read_at, @now) where profile_id = @profile and id = @id
        returning {NotificationRow.Columns}
        """;

    public static void Map(IEndpointRouteBuilder notifications) => notifications.MapPost("/{id:guid}/read", Post)
        .Documented("readNotification", "Marks a notification as read; again changes nothing.").Produces<NotificationRow>();

    private static async Task<IResult> Post(Guid id, Caller caller, IStore store, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        var marked = await session.Query(Mark, NotificationRow.Read, ct, ("profile", caller.ProfileId), ("id", id), ("now", session.Now));
        if (marked is not [var row]) return Problems.NotFound();

        await session.Commit(ct);
        return TypedResults.Ok(row);
    }
}
