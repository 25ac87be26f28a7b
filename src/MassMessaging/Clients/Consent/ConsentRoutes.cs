using System.Data.Common;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients.Consent;

/// <summary>A line of the consent history, with its proof; lines are never changed.</summary>
/// <param name="At">When the client said so.</param>
/// <param name="RecordedAt">When it was told to us.</param>
/// <param name="RecordedBy">Who told it: <c>user:</c> and the account's id, or <c>system</c>.</param>
public sealed record ConsentRow(
    Guid Id, Guid ProfileId, Guid ClientId, ConsentKind Kind, string Source, string? Reason, DateTimeOffset At, DateTimeOffset RecordedAt,
    string RecordedBy);

/// <param name="Reason">At most 500 characters.</param>
public sealed record OptOut(string? Reason);

/// <param name="Source">How it is known: a form, a conversation, a signed paper. At most 255 characters.</param>
public sealed record OptIn(string Source);

public static class ConsentRoutes
{
    public const int LongestReason = 500;

    private const string Advisor = "advisor";

    private const string List = """
        select id, profile_id, client_id, kind, source, reason, at, recorded_at, recorded_by
        from client_consent
        where profile_id = @profile and client_id = @client and (@after::uuid is null or id < @after)
        order by id desc
        limit @limit
        """;

    private const string Count = "select count(*) from client_consent where profile_id = @profile and client_id = @client";

    public static void Map(IEndpointRouteBuilder clients)
    {
        clients.MapPost("/{id:guid}/opt-out", PostOptOut)
            .Documented("optOutClient", "The client wants no more messages: running campaigns leave the client out at once.")
            .Takes<OptOut>().Produces<Client>();
        clients.MapPost("/{id:guid}/opt-in", PostOptIn)
            .Documented("optInClient", "The client agreed to messages, again or for the first time.", "validation-failed")
            .Takes<OptIn>().Produces<Client>();
        clients.MapGet("/{id:guid}/consent", Get)
            .Documented("listConsent", "What the client agreed to or declined, with the proof, newest first.").Produces<ConsentRow[]>();
    }

    private static async Task<IResult> PostOptOut(
        Guid id, Fields body, Caller caller, ClientConsent consent, IStore store, CancellationToken ct)
    {
        var reason = body.Text("reason", LongestReason)?.Trim();
        if (body.AreWrong) return body.Problem();

        await using var session = store.Open(caller.Origin);
        await consent.OptOut(session, caller.ProfileId, [id], new ConsentProof(Advisor, reason is "" ? null : reason), ct);
        return await Answer(session, caller, id, ct);
    }

    private static async Task<IResult> PostOptIn(
        Guid id, Fields body, Caller caller, ClientConsent consent, IStore store, CancellationToken ct)
    {
        var source = body.Text("source", CreateClientEndpoint.LongestSource, required: true)?.Trim();
        if (body.AreWrong) return body.Problem();

        await using var session = store.Open(caller.Origin);
        await consent.OptIn(session, caller.ProfileId, [id], new ConsentProof(source!), ct);
        return await Answer(session, caller, id, ct);
    }

    private static async Task<IResult> Answer(ISession session, Caller caller, Guid id, CancellationToken ct)
    {
        if (await Client.Find(session, caller.ProfileId, id, ct) is not { } client) return Problems.NotFound();

        await session.Commit(ct);
        return TypedResults.Ok(client);
    }

    private static async Task<IResult> Get(Guid id, Page page, Caller caller, IStore store, HttpContext context)
    {
        var ct = context.RequestAborted;
        if (await Client.Find(store, caller.ProfileId, id, ct) is null) return Problems.NotFound();

        (string, object?)[] scope = [("profile", caller.ProfileId), ("client", id)];
        var rows = await store.Query(List, Read, ct, [.. scope, ("after", page.After), ("limit", page.Limit + 1)]);
        var total = await page.Total(store, Count, ct, scope);
        return page.List(context, rows, row => row.Id, total);
    }

    private static ConsentRow Read(DbDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), Kind(row.GetString(3)), row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5),
        row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<DateTimeOffset>(7), row.GetString(8));

    private static ConsentKind Kind(string stored) => Enum.GetValues<ConsentKind>().Single(kind => JsonConventions.NameOf(kind) == stored);
}
