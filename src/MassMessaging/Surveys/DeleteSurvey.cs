using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Surveys;

/// <summary><c>DELETE /api/health-survey/{id}</c>: for visitors who never became clients; those of a client go with the client.</summary>
public static class DeleteSurvey
{
    private const string Delete = "delete from health_survey where profile_id = @profile and id = @id";

    public static void Map(IEndpointRouteBuilder surveys) => surveys.MapDelete("/{id:guid}", Remove)
        .Documented("deleteSurvey", "Erases what a visitor answered; a client made from it stays.").Produces(StatusCodes.Status204NoContent);

    private static async Task<IResult> Remove(Guid id, Caller caller, IStore store, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        var deleted = await session.Sql(Delete, ct, ("profile", caller.ProfileId), ("id", id));
        await session.Commit(ct);
        return deleted == 1 ? TypedResults.NoContent() : Problems.NotFound();
    }
}
