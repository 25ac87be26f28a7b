using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients;

/// <summary>Erases what a feature keeps about clients. Runs in the session that deletes them, before their rows go.</summary>
public interface IErasureSubscriber
{
    Task Erase(Guid profile, IReadOnlyList<Guid> clients, ISession session, CancellationToken ct);
}

public static class DeleteClientEndpoint
{
    // Taken first, so that nothing is written about the client between the subscribers' erasure and the row's end.
    private const string Lock = "select id from client where profile_id = @profile and id = @id for update";

    // Notes and consent go with it (on delete cascade).
    private const string Delete = "delete from client where profile_id = @profile and id = @id";

    public static void Map(IEndpointRouteBuilder clients)
    {
        clients.MapDelete("/{id:guid}", Handle)
            .Documented("deleteClient", "Erases a client and all personal data of the client.")
            .Produces(StatusCodes.Status204NoContent);

        static async Task<IResult> Handle(
            Guid id, Caller caller, IStore store, IEnumerable<IErasureSubscriber> subscribers, CancellationToken ct)
        {
            await using var session = store.Open(caller.Origin);
            var found = await session.Query(Lock, row => row.GetGuid(0), ct, ("profile", caller.ProfileId), ("id", id));
            if (found.Count == 0) return Problems.NotFound();

            foreach (var subscriber in subscribers) await subscriber.Erase(caller.ProfileId, found, session, ct);
            await session.Sql(Delete, ct, ("profile", caller.ProfileId), ("id", id));
            await session.Commit(ct);
            return TypedResults.NoContent();
        }
    }
}
