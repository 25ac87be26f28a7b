using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>
/// <c>GET /api/campaigns/{id}/events</c>: the row as server-sent <c>progress</c> events, at once and then whenever it has changed, until a
/// final one. It asks twice a second, so a change is told within a second; nothing is held in between.
/// </summary>
public static class FollowCampaign
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapGet("/{id:guid}/events", Get)
        .Documented("followCampaign", "Streams the campaign's row while it changes.")
        .Produces<CampaignAnswer>(contentType: "text/event-stream").Produces(StatusCodes.Status204NoContent);

    /// <summary>The same id is the same row: of the campaign's version, its counters, and what holds it.</summary>
    public static string EventId(CampaignShown shown)
    {
        var row = shown.Answer;
        long[] numbers =
        [
            shown.Version, row.TotalRecipients, row.PendingCount, row.SentCount, row.DeliveredCount, row.ReadCount, row.RepliedCount,
            row.FailedCount, row.SkippedCount, row.InDoubtCount, row.HeldUntil?.ToUnixTimeMilliseconds() ?? 0,
            .. row.Variants?.SelectMany(Figures) ?? [],
        ];
        return $"{string.Join('-', numbers)}-{row.Status.Word()}-{row.StatusReason}";
    }

    private static long[] Figures(VariantAnswer variant) =>
    [
        variant.PendingCount, variant.SentCount, variant.DeliveredCount, variant.ReadCount, variant.RepliedCount, variant.FailedCount,
        variant.SkippedCount, variant.InDoubtCount,
    ];

    private static async Task<IResult> Get(
        HttpContext context, Caller caller, Guid id, IStore store, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        if (await CampaignQuery.One(store, caller.ProfileId, id, ct) is not { } first) return Problems.NotFound();

        var lastSeen = EventStream.LastSeen(context);
        // A browser comes back after the end of a stream until it is told that there is nothing more.
        if (first.Answer.IsFinal && EventId(first) == lastSeen) return TypedResults.NoContent();

        return new EventStream((reader, ended) => Follow(reader, store, caller.ProfileId, first, lastSeen, ended), lifetime.ApplicationStopping);
    }

    private static async Task Follow(
        EventStream.Reader reader, IStore store, Guid profile, CampaignShown first, string lastSeen, CancellationToken ct)
    {
        var (told, toldAt) = (lastSeen, store.Clock.GetTimestamp());
        await reader.Comment("following");
        for (CampaignShown? shown = first; shown is not null; shown = await CampaignQuery.One(store, profile, first.Answer.Id, ct))
        {
            var id = EventId(shown);
            var isDue = id != told || store.Clock.GetElapsedTime(toldAt) >= EventStream.Heartbeat;
            if (isDue) await (id == told ? reader.Comment("heartbeat") : reader.Event("progress", id, shown.Answer));
            if (shown.Answer.IsFinal) return;
            if (isDue) (told, toldAt) = (id, store.Clock.GetTimestamp());

            await Task.Delay(Pause, store.Clock, ct);
        }
    }
}
