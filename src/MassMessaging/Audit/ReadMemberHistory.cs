using MassMessaging.Campaigns;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary><c>GET /api/audit/campaigns/{id}/members/{memberId}</c>: every attempt and answer of one recipient's message.</summary>
public static class ReadMemberHistory
{
    public static void Map(IEndpointRouteBuilder audit) => audit.MapGet("/campaigns/{id:guid}/members/{memberId:guid}", Get)
        .Documented("readMemberAudit", "Tells one recipient's history: queued, each attempt, its outcome, receipts, replies.")
        .Produces<IReadOnlyList<AuditAnswer>>();

    private static async Task<IResult> Get(Caller caller, Guid id, Guid memberId, IStore store, CancellationToken ct)
    {
        var history = await Events(store, caller.ProfileId, id, memberId, ct);
        return history.Count == 0 ? Problems.NotFound() : TypedResults.Ok(history.ConvertAll(recorded => AuditAnswer.Of(id, recorded.Stored!)));
    }

    /// <summary>None if it is no member of the profile's campaign.</summary>
    public static async Task<List<RecordedEvent>> Events(IStore store, Guid profile, Guid campaign, Guid member, CancellationToken ct)
    {
        var history = new List<RecordedEvent>();
        await foreach (var recorded in store.Read(new StreamKey(profile, member), ct)) history.Add(recorded);
        return history is [{ Data: IMemberEvent first }, ..] && first.CampaignId == campaign ? history : [];
    }
}
