using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Profiles;

public static class GetProfile
{
    private const string ById = $"select {ProfileRow.Columns}, version from profile where id = @id";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/", Get).Documented("getProfile", "The advisor's own profile").Produces<ProfileRow>();

    private static async Task<IResult> Get(Caller caller, HttpContext context, IStore store, CancellationToken ct)
    {
        var (profile, version) = (await store.Query(
            ById, row => (ProfileRow.Read(row), row.GetInt64(row.FieldCount - 1)), ct, ("id", caller.ProfileId))).Single();
        Etag.Set(context, version);
        return TypedResults.Ok(profile);
    }
}
