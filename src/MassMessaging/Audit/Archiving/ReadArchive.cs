using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit.Archiving;

/// <summary>
/// <c>GET /api/audit/campaigns/{id}/archive</c> tells of it, <c>/archive/proof</c> reads it back, and <c>POST …/archive/verify</c> holds
/// the file to its own hashes, to the hash that was kept of it, and to today's log.
/// </summary>
public static class ReadArchive
{
    public static void Map(IEndpointRouteBuilder audit)
    {
        audit.MapGet("/campaigns/{id:guid}/archive", Get)
            .Documented("readArchive", "Tells of a campaign's archive.").Produces<ArchiveAnswer>();
        audit.MapGet("/campaigns/{id:guid}/archive/proof", Proof)
            .Documented("readArchivedProof", "Reads the archived proof back from its file.", "archive-unreadable")
            .Produces<string>(StatusCodes.Status200OK, NdjsonStream.ContentType);
        audit.MapPost("/campaigns/{id:guid}/archive/verify", Verify)
            .Documented("verifyArchive", "Verifies the archived file by itself and against today's log.", "archive-unreadable", "audit-behind")
            .Produces<ProofVerdict>();
    }

    private static async Task<IResult> Get(Caller caller, Guid id, IStore store, CancellationToken ct) =>
        await ArchiveRow.Of(store, new StreamKey(caller.ProfileId, id), ct) is { } row ? TypedResults.Ok(row.Answer) : Problems.NotFound();

    private static async Task<IResult> Proof(Caller caller, Guid id, IStore store, ArchiveFolder folder, CancellationToken ct)
    {
        if (await ArchiveRow.Of(store, new StreamKey(caller.ProfileId, id), ct) is not { } row) return Problems.NotFound();

        try
        {
            return new NdjsonStream($"proof-{id}.ndjson", folder.Read(row.File, ct).Select(line => line.GetRawText()).Chunk(1_000));
        }
        catch (ArchiveUnreadableException missing)
        {
            return Unreadable(missing);
        }
    }

    private static async Task<IResult> Verify(Caller caller, Guid id, IStore store, ArchiveFolder folder, AuditTrail trail, CancellationToken ct)
    {
        if (await ArchiveRow.Of(store, new StreamKey(caller.ProfileId, id), ct) is not { } row) return Problems.NotFound();

        await using var logs = new LogsOf(caller.ProfileId, trail, ct);
        try
        {
            var verdict = await new ProofCheck(logs.Find).Run(folder.Read(row.File, ct));
            return TypedResults.Ok(verdict.Valid && verdict.Events != row.Answer.Events
                ? verdict with { Valid = false, FirstBad = new(row.Answer.Seq, "head-wrong") } // another archive's file
                : verdict);
        }
        catch (Exception wrong) when (wrong is ArchiveUnreadableException or ProofFormatException)
        {
            return Unreadable(wrong);
        }
    }

    private static IResult Unreadable(Exception why) => Problems.Unavailable("archive-unreadable", why.Message, TimeSpan.FromSeconds(60));
}
