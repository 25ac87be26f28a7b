using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients;

public static class ReadClientEndpoint
{
    public static void Map(IEndpointRouteBuilder clients)
    {
        clients.MapGet("/{id:guid}", Get).Documented("readClient", "One client.").Produces<Client>();

        static async Task<IResult> Get(Guid id, Caller caller, IStore store, CancellationToken ct) =>
            await Client.Find(store, caller.ProfileId, id, ct) is { } client ? TypedResults.Ok(client) : Problems.NotFound();
    }
}
