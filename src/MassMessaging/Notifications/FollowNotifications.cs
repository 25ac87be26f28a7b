using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Notifications;

/// <summary>
/// <c>GET /api/notifications/events</c>: each one as a server-sent <c>notification</c>, in the order of their numbers. A first reader gets
/// what is unread before what is new, so that nothing falls between the list and the stream; one that comes back gets what followed the
/// id that it saw last. It asks twice a second, whichever node was told.
/// </summary>
public static class FollowNotifications
{
    private const int Most = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private const string NumberOf = "select seq from notification where profile_id = @profile and id = @id and seq is not null";

    private const string LastNumber = "select last from notification_counter where profile_id = @profile";

    private const string Following = $"""
        select {NotificationRow.Columns}, seq
        from notification
        where profile_id = @profile and seq > @after and (seq > @all_after or read_at is null)
        order by seq
        limit @most
        """;

    public static void Map(IEndpointRouteBuilder notifications) => notifications.MapGet("/events", Get)
        .Documented("followNotifications", "Streams notifications: those not read yet, then each new one.")
        .Produces<NotificationRow>(contentType: "text/event-stream");

    private static async Task<IResult> Get(
        HttpContext context, Caller caller, IStore store, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        var seen = Guid.TryParse(EventStream.LastSeen(context), out var id)
            ? await store.Query(NumberOf, row => row.GetInt64(0), ct, ("profile", caller.ProfileId), ("id", id))
            : [];
        var last = await store.Query(LastNumber, row => row.GetInt64(0), ct, ("profile", caller.ProfileId));
        var (after, allAfter) = seen is [var number] ? (number, number) : (0, last.SingleOrDefault());

        return new EventStream((reader, ended) => Follow(reader, store, caller.ProfileId, after, allAfter, ended), lifetime.ApplicationStopping);
    }

    private static async Task Follow(EventStream.Reader reader, IStore store, Guid profile, long after, long allAfter, CancellationToken ct)
    {
        await reader.Comment("following");
        var toldAt = store.Clock.GetTimestamp();
        while (true)
        {
            var found = await store.Query(
                Following, row => (Row: NotificationRow.Read(row), Number: row.GetInt64(6)), ct,
                ("profile", profile), ("after", after), ("all_after", allAfter), ("most", Most));
            foreach (var (row, number) in found)
            {
                await reader.Event("notification", row.Id.ToString(), row);
                after = number;
            }

            var isSilent = found.Count == 0 && store.Clock.GetElapsedTime(toldAt) >= EventStream.Heartbeat;
            if (isSilent) await reader.Comment("heartbeat");
            if (isSilent || found.Count > 0) toldAt = store.Clock.GetTimestamp();
            if (found.Count < Most) await Task.Delay(Pause, store.Clock, ct);
        }
    }
}
