using System.Runtime.CompilerServices;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>
/// <c>GET /api/campaigns/{id}/audience.csv</c>: the rows of the audience with the name and phone that the launch froze. Read page by page,
/// each a statement of its own, so that no transaction stays open for as long as somebody takes to download.
/// </summary>
public static class ExportAudience
{
    private const int PageSize = Page.Most;

    private static readonly string[] columns =
    [
        "id", "profileId", "campaignId", "clientId", "name", "phone", "whatsappMessageId", "gatewayMessageId", "status", "reason", "errorMessage",
        "attempts", "nextAttemptAt", "heldBy", "variant", "queuedAt", "attemptedAt", "sentAt", "deliveredAt", "readAt", "repliedAt", "failedAt",
        "createdAt",
    ];

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapGet("/{id:guid}/audience.csv", Get)
        .Documented("exportAudience", "The recipients as a CSV file, with name and phone; erased ones without.", "validation-failed")
        .Asks("status", "Only recipients whose message stands so.")
        .Asks("replied", "Only those who have, or have not, replied.")
        .Produces<string>(StatusCodes.Status200OK, "text/csv");

    private static async Task<IResult> Get(Caller caller, Guid id, Query query, IStore store, CancellationToken ct)
    {
        var filter = ListAudience.Filter(query);
        var campaign = new StreamKey(caller.ProfileId, id);
        return await CampaignQuery.Exists(store, campaign, ct)
            ? Csv.File("audience.csv", columns, Pages(store, campaign, filter, ct))
            : Problems.NotFound();
    }

    private static async IAsyncEnumerable<IReadOnlyList<object?[]>> Pages(
        IStore store, StreamKey campaign, AudienceFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        Guid? after = null;
        do
        {
            var rows = await AudienceRows.Entries(store, campaign, filter, after, PageSize - 1, ct);
            after = rows.Count == PageSize ? rows[^1].Member.Id : null;
            yield return rows.ConvertAll(Cells);
        }
        while (after is not null);
    }

    private static object?[] Cells(AudienceEntry entry)
    {
        var member = entry.Member;
        return
        [
            member.Id, member.ProfileId, member.CampaignId, member.ClientId, entry.Name, entry.Phone,
            member.WhatsappMessageId, member.GatewayMessageId, member.Status, member.Reason, member.ErrorMessage, member.Attempts,
            member.NextAttemptAt, member.HeldBy, member.Variant, member.QueuedAt, member.AttemptedAt, member.SentAt, member.DeliveredAt,
            member.ReadAt, member.RepliedAt, member.FailedAt, member.CreatedAt,
        ];
    }
}
