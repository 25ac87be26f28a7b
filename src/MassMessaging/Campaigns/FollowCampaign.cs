using System.Text.Json;
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
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

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

        var lastSeen = context.Request.Headers["Last-Event-ID"].ToString();
        // A browser comes back after the end of a stream until it is told that there is nothing more.
        if (first.Answer.IsFinal && EventId(first) == lastSeen) return TypedResults.NoContent();

        return new Progress(store, caller.ProfileId, first, lastSeen, lifetime.ApplicationStopping);
    }

    private sealed record Progress(IStore Store, Guid Profile, CampaignShown First, string LastSeen, CancellationToken Stopping) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "text/event-stream";
            httpContext.Response.Headers.CacheControl = "no-store";
            httpContext.Response.Headers["X-Accel-Buffering"] = "no";
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, Stopping);
            try
            {
                await Write(httpContext.Response, ended.Token);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                // The reader went away, or the service is stopping: readers come back with the last id.
            }
        }

        private async Task Write(HttpResponse response, CancellationToken ct)
        {
            var (told, toldAt) = (LastSeen, Store.Clock.GetTimestamp());
            await Tell(response, ": following\n\n", ct);
            for (CampaignShown? shown = First; shown is not null; shown = await CampaignQuery.One(Store, Profile, First.Answer.Id, ct))
            {
                var id = EventId(shown);
                var isDue = id != told || Store.Clock.GetElapsedTime(toldAt) >= Heartbeat;
                if (isDue) await Tell(response, id == told ? ": heartbeat\n\n" : Event(id, shown.Answer), ct);
                if (shown.Answer.IsFinal) return;
                if (isDue) (told, toldAt) = (id, Store.Clock.GetTimestamp());

                await Task.Delay(Pause, Store.Clock, ct);
            }
        }

        private static async Task Tell(HttpResponse response, string text, CancellationToken ct)
        {
            await response.WriteAsync(text, ct);
            await response.Body.FlushAsync(ct);
        }

        private static string Event(string id, CampaignAnswer row) =>
            $"event: progress\nid: {id}\ndata: {JsonSerializer.Serialize(row, JsonConventions.Options)}\n\n";
    }
}
