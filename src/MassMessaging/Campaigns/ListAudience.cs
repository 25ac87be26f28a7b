using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary><c>GET /api/campaigns/{id}/audience</c> and <c>/{memberId}</c>: what became of each recipient.</summary>
public static class ListAudience
{
    private static readonly MemberStatus[] Shown = [.. Enum.GetValues<MemberStatus>().Where(status => status != MemberStatus.Missing)];

    public static void Map(IEndpointRouteBuilder campaigns)
    {
        campaigns.MapGet("/{id:guid}/audience", Get)
            .Documented("listAudience", "Lists the recipients frozen at launch.", "validation-failed")
            .Asks("status", "Only recipients whose message stands so.")
            .Asks("replied", "Only those who have, or have not, replied.")
            .Produces<IReadOnlyList<AudienceAnswer>>();
        campaigns.MapGet("/{id:guid}/audience/{memberId:guid}", GetOne)
            .Documented("readAudienceMember", "Answers one recipient.").Produces<AudienceAnswer>();
    }

    private static async Task<IResult> Get(
        HttpContext context, Caller caller, Guid id, Query query, Page page, IStore store, CancellationToken ct)
    {
        var filter = Filter(query);
        var campaign = new StreamKey(caller.ProfileId, id);
        var exists = CampaignQuery.Exists(store, campaign, ct);
        var rows = AudienceRows.Page(store, campaign, filter, page.After, page.Limit, ct);
        var total = page.Total(() => AudienceTotal.Of(store, campaign, filter, ct));
        await Task.WhenAll(exists, rows, total);
        return await exists ? page.List(context, await rows, row => row.Id, await total) : Problems.NotFound();
    }

    /// <exception cref="ProblemException">400 with what is wrong.</exception>
    internal static AudienceFilter Filter(Query query)
    {
        var filter = new AudienceFilter(query.OneOf("status", Shown), query.Flag("replied"));
        query.ThrowIfWrong();
        return filter;
    }

    private static async Task<IResult> GetOne(Caller caller, Guid id, Guid memberId, IStore store, CancellationToken ct) =>
        await AudienceRows.One(store, new StreamKey(caller.ProfileId, id), memberId, ct) is { } row
            ? TypedResults.Ok(row)
            : Problems.NotFound();
}
