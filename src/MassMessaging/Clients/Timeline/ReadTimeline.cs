using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients.Timeline;

/// <summary><c>GET /api/clients/{id}/timeline</c>.</summary>
public static class ReadTimeline
{
    private const int Slack = 16; // rows of the millisecond that the page before ended in

    public static void Map(IEndpointRouteBuilder clients) => clients.MapGet("/{id:guid}/timeline", Get)
        .Documented("readTimeline", "Every message, status, reply, note and consent of a client, newest first.")
        .Produces<TimelineRow[]>();

    private static async Task<IResult> Get(
        Guid id, Page page, Caller caller, IStore store, IEnumerable<ITimelineSource> sources, HttpContext context)
    {
        var ct = context.RequestAborted;
        if (await Client.Find(store, caller.ProfileId, id, ct) is null) return Problems.NotFound();

        List<ITimelineSource> all = [.. sources];
        var rows = await Rows(all, caller.ProfileId, id, page, ct);
        var total = 0L;
        if (page.After is null) foreach (var source in all) total += await source.Count(caller.ProfileId, id, ct);
        return page.List(context, rows, row => row.Id, total);
    }

    private static async Task<List<TimelineRow>> Rows(
        List<ITimelineSource> sources, Guid profile, Guid client, Page page, CancellationToken ct)
    {
        var before = page.After is { } after ? TimelineId.End(after) : (DateTimeOffset?)null;
        for (var limit = page.Limit + Slack; ; limit *= 2)
        {
            var (rows, isAll) = (new List<TimelineRow>(), true);
            foreach (var source in sources)
            {
                var told = await source.Rows(profile, client, before, limit, ct);
                rows.AddRange(told);
                isAll &= told.Count < limit;
            }

            rows.RemoveAll(row => row.Id.CompareTo(page.After ?? Guid.AllBitsSet) >= 0);
            if (isAll || rows.Count > page.Limit) return [.. rows.OrderByDescending(row => row.Id).Take(page.Limit + 1)];
        }
    }
}
