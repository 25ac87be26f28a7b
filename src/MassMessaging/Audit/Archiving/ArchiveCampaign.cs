using MassMessaging.Campaigns;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit.Archiving;

/// <summary>Writes the campaign's history, as it is when this is handled, to a file of its own.</summary>
public sealed record ArchiveCampaign(Guid ProfileId, Guid CampaignId);

/// <summary>
/// <c>POST /api/audit/campaigns/{id}/archive</c>: a finished campaign, as a file that was read back and found valid. Doing it again
/// takes in what has come since. The log stays as it is.
/// </summary>
public static class ArchiveCampaignEndpoint
{
    public static void Map(IEndpointRouteBuilder audit) => audit.MapPost("/campaigns/{id:guid}/archive", Post)
        .Documented(
            "archiveCampaign", "Archives a finished campaign as a verified file; GET tells when it is there.", "campaign-not-finished",
            "archive-not-configured")
        .Produces(StatusCodes.Status202Accepted);

    private static async Task<IResult> Post(Caller caller, Guid id, IStore store, ArchiveFolder folder, CancellationToken ct)
    {
        if (await CampaignQuery.One(store, caller.ProfileId, id, ct) is not { } campaign) return Problems.NotFound();
        if (folder.Root is null)
            return Problems.Conflict("archive-not-configured", $"There is no folder for archives: set {ArchiveFolder.Setting}.");
        if (!campaign.Answer.IsFinal)
            return Problems.Conflict("campaign-not-finished", "Only a campaign that has ended is archived.", campaign.Answer.Status.Word());

        await using var session = store.Open(caller.Origin);
        session.Send(new ArchiveCampaign(caller.ProfileId, id), id.ToString());
        await session.Commit(ct);
        return TypedResults.Accepted($"/api/audit/campaigns/{id}/archive");
    }
}

/// <summary>The file first and the row last: whatever is killed in between leaves the archive that was there before.</summary>
public sealed class ArchiveCampaignHandler(AuditTrail trail, ArchiveFolder folder) : IHandle<ArchiveCampaign>
{
    public async Task Handle(IReadOnlyList<ArchiveCampaign> messages, ISession session, CancellationToken ct)
    {
        var written = new List<(AuditLink Last, string File, long Bytes)>();
        foreach (var message in messages)
        {
            var campaign = new StreamKey(message.ProfileId, message.CampaignId);
            if (folder.Root is null || await trail.End(campaign, ct) is not { Last: { } last }) continue;

            var (file, bytes) = await folder.Write(last, ExportProof.Lines(trail, campaign, last, ct), ct);
            written.Add((last, file, bytes));
        }

        foreach (var (last, file, bytes) in written) await ArchiveRow.Keep(session, last, file, bytes, ct);
    }
}
