using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Profiles.ApiKeys;

/// <summary><c>DELETE /api/api-keys/{id}</c>: no node takes it any more once this has answered, since none remembers keys.</summary>
public static class RevokeApiKey
{
    private const string Revoke = "update api_key set revoked_at = @now where profile_id = @profile and id = @id and revoked_at is null";

    public static void Map(IEndpointRouteBuilder keys) => keys.MapDelete("/{id:guid}", Delete)
        .Documented("revokeApiKey", "Revokes a key, at once.").Produces(StatusCodes.Status204NoContent);

    private static async Task<IResult> Delete(Caller caller, Guid id, IStore store, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        var revoked = await session.Sql(Revoke, ct, ("profile", caller.ProfileId), ("id", id), ("now", session.Now));
        await session.Commit(ct);
        return revoked == 1 ? TypedResults.NoContent() : Problems.NotFound();
    }
}
