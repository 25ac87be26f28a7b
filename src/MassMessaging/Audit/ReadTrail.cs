using System.Globalization;
using System.Text.Json;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>What a history is answered as.</summary>
public enum TrailFormat
{
    Json,
    Ndjson,
    Csv,
}

/// <summary>
/// <c>GET /api/audit/campaigns/{id}</c>: the campaign's and its members' events together, in the order of the log; pages of JSON, or all
/// of them as a stream of lines.
/// </summary>
public static class ReadTrail
{
    private static readonly string[] columns =
        ["seq", "streamId", "memberId", "version", "type", "at", "actor", "correlationId", "causationId", "data"];

    public static void Map(IEndpointRouteBuilder audit) => audit.MapGet("/campaigns/{id:guid}", Get)
        .Documented("readAudit", "Tells a campaign's whole history, event by event, with actor, cause and correlation.", "audit-behind")
        .Asks("limit", $"Events of a page, 1 to {Page.Most}; {Page.Default} if left out. Only of json.")
        .Asks("after", "The last seq of the page before; the Link header names it.")
        .Asks("format", "json, or ndjson or csv for all of it as a stream.")
        .Produces<IReadOnlyList<AuditAnswer>>(StatusCodes.Status200OK, "application/json", NdjsonStream.ContentType, "text/csv");

    private static async Task<IResult> Get(HttpContext context, Caller caller, Guid id, Query query, AuditTrail trail, CancellationToken ct)
    {
        var format = query.OneOf<TrailFormat>("format") ?? TrailFormat.Json;
        var (limit, after) = (query.Whole("limit", 1, Page.Most) ?? Page.Default, query.Long("after", 0));
        query.ThrowIfWrong();
        var campaign = new StreamKey(caller.ProfileId, id);
        var (_, last) = await trail.End(campaign, ct);
        if (last is null) return Problems.NotFound();

        return format switch
        {
            TrailFormat.Ndjson => new NdjsonStream($"audit-{id}.ndjson", Lines(trail, campaign, after ?? 0, last.Seq, ct)),
            TrailFormat.Csv => Csv.File($"audit-{id}.csv", columns, Records(trail, campaign, after ?? 0, last.Seq, ct)),
            _ => await OnePage(context, trail, campaign, after, last, limit, ct),
        };
    }

    private static async Task<IResult> OnePage(
        HttpContext context, AuditTrail trail, StreamKey campaign, long? after, AuditLink last, int limit, CancellationToken ct)
    {
        var page = await trail.Page(campaign, after ?? 0, last.Seq, limit + 1, ct);
        var headers = context.Response.Headers;
        if (page.Count > limit) headers.Link = Page.Next(context.Request, page[limit - 1].Link.Seq.ToString(CultureInfo.InvariantCulture));
        if (after is null) headers["X-Total-Count"] = last.Place.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(Answers(campaign, page.Take(limit)));
    }

    /// <summary>What the log has lost is in the proof, not here.</summary>
    internal static List<AuditAnswer> Answers(StreamKey campaign, IEnumerable<Chained<AuditLink>> page) =>
        [.. page.Where(chained => chained.Event is not null).Select(chained => AuditAnswer.Of(campaign.Id, chained.Event!))];

    internal static async IAsyncEnumerable<IEnumerable<string>> Lines(
        AuditTrail trail, StreamKey campaign, long after, long until, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var page in trail.Pages(campaign, after, until, ct))
            yield return Answers(campaign, page).Select(answer => JsonSerializer.Serialize(answer, JsonConventions.Options));
    }

    private static async IAsyncEnumerable<IReadOnlyList<object?[]>> Records(
        AuditTrail trail, StreamKey campaign, long after, long until, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var page in trail.Pages(campaign, after, until, ct)) yield return Answers(campaign, page).ConvertAll(Cells);
    }

    private static object?[] Cells(AuditAnswer row) =>
    [
        row.Seq, row.StreamId, row.MemberId, row.Version, row.Type, row.At, row.Actor, row.CorrelationId, row.CausationId, row.Data.GetRawText(),
    ];
}
