using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Views;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <param name="Erased">The client was erased since: what was known of the person is nowhere any more.</param>
/// <param name="Variant">Key of the variant, <c>A</c> to <c>E</c>; null when the campaign has none.</param>
/// <param name="Version">Of the member's stream at that moment.</param>
public sealed record MemberStateAnswer(
    Guid Id, Guid ProfileId, Guid CampaignId, Guid ClientId, bool Erased, Guid? WhatsappMessageId, MemberStatus Status, string? Reason,
    long Attempts, string? Variant, DateTimeOffset QueuedAt, DateTimeOffset? AttemptedAt, DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt,
    DateTimeOffset? ReadAt, DateTimeOffset? RepliedAt, DateTimeOffset? FailedAt, long Version);

/// <summary><c>GET /api/audit/campaigns/{id}/members/{memberId}/state</c>: one recipient as of a version, a place in the log or an instant.</summary>
public static class MemberAsOf
{
    private const string IsThere = "select 1 from client where profile_id = @profile and id = @client";

    public static void Map(IEndpointRouteBuilder audit) => Moment.Ask(audit.MapGet("/campaigns/{id:guid}/members/{memberId:guid}/state", Get)
        .Documented("readMemberAsOf", "Answers where one recipient's message stood at a version, a place in the log or an instant.", Moment.Codes)
        .Produces<MemberStateAnswer>());

    private static async Task<IResult> Get(Caller caller, Guid id, Guid memberId, Query query, IStore store, CancellationToken ct)
    {
        var moment = Moment.Of(query);
        var history = await ReadMemberHistory.Events(store, caller.ProfileId, id, memberId, ct);
        if (history.Count == 0) return Problems.NotFound();

        var count = moment.Count(history, long.MaxValue, store.Clock.GetUtcNow());
        var row = history.Take(count).Aggregate((AudienceRow?)null, AudienceRow.Evolve)!;
        var isThere = (await store.Query(IsThere, found => found.GetInt32(0), ct, ("profile", caller.ProfileId), ("client", row.ClientId))).Count > 0;
        return TypedResults.Ok(new MemberStateAnswer(
            row.Id, row.ProfileId, row.CampaignId, row.ClientId, !isThere, row.WhatsappMessageId, row.Status, row.Reason, row.Attempts, row.Variant,
            row.QueuedAt, row.AttemptedAt, row.SentAt, row.DeliveredAt, row.ReadAt, row.RepliedAt, row.FailedAt, row.Version));
    }
}
