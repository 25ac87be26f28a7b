using System.Runtime.CompilerServices;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>
/// <c>GET /api/audit/campaigns/{id}/proof</c>: a head, every event as stored with the hash that the chain has of it, and checkpoints.
/// docs/audit.md says what it proves and how anybody checks it.
/// </summary>
public static class ExportProof
{
    public static void Map(IEndpointRouteBuilder audit) => audit.MapGet("/campaigns/{id:guid}/proof", Get)
        .Documented("exportProof", "The campaign's hash chain with its events, to keep and to verify anywhere.", "audit-behind")
        .Produces<string>(StatusCodes.Status200OK, NdjsonStream.ContentType);

    private static async Task<IResult> Get(Caller caller, Guid id, AuditTrail trail, CancellationToken ct)
    {
        var campaign = new StreamKey(caller.ProfileId, id);
        var (_, last) = await trail.End(campaign, ct);
        return last is null ? Problems.NotFound() : new NdjsonStream($"proof-{id}.ndjson", Lines(trail, campaign, last, ct));
    }

    public static async IAsyncEnumerable<IEnumerable<string>> Lines(
        AuditTrail trail, StreamKey campaign, AuditLink last, [EnumeratorCancellation] CancellationToken ct)
    {
        var strays = new Queue<LoggedEvent>(await trail.Strays(campaign, last.Seq, ct));
        var checkpoints = new List<string>();
        yield return [ProofMark.Of(ProofMark.Head, last).ToJson()];

        await foreach (var page in trail.Pages(campaign, 0, last.Seq, ct))
        {
            var lines = new List<string>(page.Count);
            foreach (var (link, stored) in page)
            {
                while (strays.TryPeek(out var stray) && stray.Seq < link.Seq) lines.Add(ProofHash.Line(strays.Dequeue(), previousSeq: null, hash: null));
                if (stored is not null) lines.Add(ProofHash.Line(stored, link.PreviousSeq, ProofHash.Hex(link.Hash)));
                if (link.Place % ProofMark.Every == 0 || link.Seq == last.Seq) checkpoints.Add(ProofMark.Of(ProofMark.Checkpoint, link).ToJson());
            }

            yield return lines;
        }

        yield return (await trail.Skipped(campaign, ct)).Select(one => ProofSkip.Of(one).ToJson());
        yield return checkpoints;
    }
}
