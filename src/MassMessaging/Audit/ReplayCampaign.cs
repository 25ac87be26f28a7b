using System.Globalization;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>
/// <c>GET /api/audit/campaigns/{id}/replay?speed=</c>: the history re-told as server-sent <c>event</c>s, one each, with the pauses that there
/// were divided by the speed and at most <see cref="Replay.LongestPause"/>. It ends with <c>end</c> where the history ended when it began;
/// nothing is held while it waits. <c>Last-Event-ID</c> is the seq of the event seen last.
/// </summary>
public static class ReplayCampaign
{
    private const double Fastest = 1_000_000;

    public static void Map(IEndpointRouteBuilder audit) => audit.MapGet("/campaigns/{id:guid}/replay", Get)
        .Documented("replayCampaign", "Streams a campaign's history again, at a speed.", "audit-behind")
        .Asks("speed", "How many times faster than it was, 0.01 to 1,000,000, 1 if left out; 0 is without pauses.")
        .Produces<AuditAnswer>(contentType: "text/event-stream").Produces(StatusCodes.Status204NoContent);

    private static async Task<IResult> Get(
        HttpContext context, Caller caller, Guid id, Query query, IStore store, AuditTrail trail, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        var speed = query.Number("speed", 0, Fastest) ?? 1;
        query.ThrowIfWrong();
        var campaign = new StreamKey(caller.ProfileId, id);
        var (_, last) = await trail.End(campaign, ct);
        if (last is null) return Problems.NotFound();

        var after = long.TryParse(EventStream.LastSeen(context), NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : 0;
        // A browser comes back after the end of a stream until it is told that there is nothing more.
        if (after >= last.Seq) return TypedResults.NoContent();

        return new EventStream((reader, ended) => Tell(reader, new Replay(trail, store.Clock, speed), campaign, after, last.Seq, ended), lifetime.ApplicationStopping);
    }

    private static async Task Tell(EventStream.Reader reader, Replay replay, StreamKey campaign, long after, long until, CancellationToken ct)
    {
        await reader.Comment("replaying");
        await foreach (var told in replay.Events(campaign, after, until, ct))
            await reader.Event("event", told.Seq.ToString(CultureInfo.InvariantCulture), told);
        await reader.Event("end", until.ToString(CultureInfo.InvariantCulture), new { Seq = until });
    }
}
