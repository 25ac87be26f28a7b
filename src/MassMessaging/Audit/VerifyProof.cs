using System.IO.Pipelines;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>
/// <c>POST /api/audit/verify</c> with an export, or with checkpoints that were kept: is it whole, and is today's log still what it says?
/// The body is read as it comes.
/// </summary>
public static class VerifyProof
{
    private const long Largest = 1L << 30;

    public static void Map(IEndpointRouteBuilder audit) => audit.MapPost("/verify", Post)
        .Documented(
            "verifyProof", "Verifies an exported proof, or kept checkpoints, by itself and against today's log.", "proof-invalid",
            "body-too-large", "audit-behind")
        .WithMetadata(new BodyShape(typeof(string), NdjsonStream.ContentType))
        .AnyBodySize()
        .Needs(Scope.Read)
        .Produces<ProofVerdict>();

    private static async Task<IResult> Post(HttpRequest request, Caller caller, AuditTrail trail, CancellationToken ct)
    {
        if (request.ContentLength > Largest) return Problems.OfStatus(StatusCodes.Status413PayloadTooLarge);

        await using var logs = new LogsOf(caller.ProfileId, trail, ct);
        try
        {
            var body = PipeReader.Create(new LimitedStream(request.Body, Largest));
            return TypedResults.Ok(await new ProofCheck(logs.Find).Run(ProofLines.Read(body, ct)));
        }
        catch (ProofFormatException wrong)
        {
            return Problems.Invalid("proof-invalid", $"This is no proof. {wrong.Message}");
        }
    }
}

/// <summary>The campaign's log, if it is the profile's.</summary>
public sealed class LogsOf(Guid profile, AuditTrail trail, CancellationToken ct) : IAsyncDisposable
{
    private LogCursor? found;

    public async Task<LogCursor?> Find(StreamKey campaign)
    {
        if (campaign.Profile != profile) return null;

        var (_, last) = await trail.End(campaign, ct);
        return last is null ? null : found = new LogCursor(trail, campaign, last.Seq, ct);
    }

    public ValueTask DisposeAsync() => found?.DisposeAsync() ?? ValueTask.CompletedTask;
}
