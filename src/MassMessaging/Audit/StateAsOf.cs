using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Views;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>
/// <c>GET /api/audit/campaigns/{id}/state</c>: the campaign's row as it was. The row is the fold of its own events, the counters that of
/// its members' events up to the same place in the log; texts are the version of that time, or say that they were erased.
/// </summary>
public static class StateAsOf
{
    public static void Map(IEndpointRouteBuilder audit) => Moment.Ask(audit.MapGet("/campaigns/{id:guid}/state", Get)
        .Documented("readCampaignAsOf", "Answers the campaign's row, counters and all, as of a version, a place in the log or an instant.",
            [.. Moment.Codes, "audit-behind"])
        .Produces<CampaignAnswer>());

    private static async Task<IResult> Get(
        HttpContext context, Caller caller, Guid id, Query query, IStore store, AuditTrail trail, CancellationToken ct)
    {
        var moment = Moment.Of(query);
        var campaign = new StreamKey(caller.ProfileId, id);
        var (logEnd, last) = await trail.End(campaign, ct);
        if (last is null) return Problems.NotFound();

        var history = new List<RecordedEvent>();
        await foreach (var recorded in store.Read(campaign, ct)) history.Add(recorded);
        if (history.Count == 0) return Problems.NotFound();

        var now = store.Clock.GetUtcNow();
        var count = moment.Count(history, logEnd, now);
        if (await store.RowAsOf<CampaignRow>(campaign, count, ct) is not { } row) return Problems.NotFound(); // deleted by then

        var until = moment.Version is null ? moment.Seq ?? logEnd : history[count - 1].Seq;
        var counters = new CountersAsOf(campaign);
        if (row.StartedAt is not null)
        {
            await foreach (var recorded in trail.Recorded(campaign, until, ct))
                if (!(recorded.At > moment.At)) counters.Add(recorded);
        }

        Etag.Set(context, count);
        var (text, templateId) = await CampaignTexts.Of(store, row, ct);
        return TypedResults.Ok(CampaignAnswer.Of(
            row with { TemplateId = templateId }, text, counters.All, hold: null, moment.At ?? now, counters.ByVariant));
    }
}
