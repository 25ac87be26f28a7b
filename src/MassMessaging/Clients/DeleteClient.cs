using MassMessaging.Clients.Consent;
using MassMessaging.Http;
using MassMessaging.Kernel;
using Npgsql;

namespace MassMessaging.Clients;

/// <summary>Erases what a feature keeps about clients. Runs in the session that deletes them, before their rows go.</summary>
public interface IErasureSubscriber
{
    Task Erase(Guid profile, IReadOnlyList<Guid> clients, ISession session, CancellationToken ct);
}

/// <summary>
/// Whoever copies clients' personal data shares it, an erasure takes it: so each waits for the other to commit, and nothing is copied
/// behind an erasure's back. One advisory lock a profile costs no write, as row locks would.
/// </summary>
public static class ErasureLock
{
    private const string Key = "hashtextextended('erasure:' || @profile::text, 0)";

    /// <summary>For a query over one row of <c>@profile</c>; clients are read in a later one.</summary>
    public const string Shared = $"pg_advisory_xact_lock_shared({Key})";

    public static Task Take(ISession session, Guid profile, CancellationToken ct) =>
        session.Sql($"select pg_advisory_xact_lock({Key})", ct, ("profile", profile));

    public static Task Share(ISession session, Guid profile, CancellationToken ct) =>
        session.Sql($"select {Shared}", ct, ("profile", profile));
}

public static class DeleteClientEndpoint
{
    // Whoever copies clients' data waits for us, so that we wait for nobody: an import holds the rows that it changed for minutes.
    private const string Impatient = "set local lock_timeout = '250ms'";
    private const string Patient = "set local lock_timeout to default";

    // Taken first, so that nothing is written about the client between the subscribers' erasure and the row's end.
    private const string Lock = "select id from client where profile_id = @profile and id = @id for update";

    // Notes and consent go with it (on delete cascade).
    private const string Delete = "delete from client where profile_id = @profile and id = @id";

    public static void Map(IEndpointRouteBuilder clients)
    {
        clients.MapDelete("/{id:guid}", Handle)
            .Documented("deleteClient", "Erases a client and all personal data of the client; an opted-out number stays opted out.")
            .Produces(StatusCodes.Status204NoContent);

        static async Task<IResult> Handle(
            Guid id, Caller caller, IStore store, SuppressedNumbers suppressed, IEnumerable<IErasureSubscriber> subscribers,
            CancellationToken ct)
        {
            await using var session = store.Open(caller.Origin);
            await ErasureLock.Take(session, caller.ProfileId, ct);
            if (await Find(session, caller.ProfileId, id, ct) is not { } found) return Busy();
            if (found.Count == 0) return Problems.NotFound();

            await suppressed.Keep(session, caller.ProfileId, found, ct);
            foreach (var subscriber in subscribers) await subscriber.Erase(caller.ProfileId, found, session, ct);
            await session.Sql(Delete, ct, ("profile", caller.ProfileId), ("id", id));
            await session.Commit(ct);
            return TypedResults.NoContent();
        }
    }

    /// <summary>The locked row's id, if it is there; null: others hold it.</summary>
    private static async Task<List<Guid>?> Find(ISession session, Guid profile, Guid id, CancellationToken ct)
    {
        try
        {
            await session.Sql(Impatient, ct);
            var found = await session.Query(Lock, row => row.GetGuid(0), ct, ("profile", profile), ("id", id));
            await session.Sql(Patient, ct);
            return found;
        }
        catch (PostgresException held) when (held.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return null;
        }
    }

    private static Problem Busy() => new(
        StatusCodes.Status409Conflict, "changed-meanwhile", "The client is being changed, as by an import: try again when that is done.",
        RetryAfter: TimeSpan.FromSeconds(5));
}
