using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Templates;

/// <summary><c>DELETE /api/campaign-templates/{id}</c>: campaigns made from it keep their own text.</summary>
public static class DeleteTemplate
{
    private const string Delete = "delete from campaign_template where profile_id = @profile and id = @id";

    public static void Map(IEndpointRouteBuilder templates) => templates.MapDelete("/{id:guid}", Remove)
        .Documented("deleteTemplate", "Deletes a template; campaigns made from it stay.").Produces(StatusCodes.Status204NoContent);

    private static async Task<IResult> Remove(Caller caller, Guid id, IStore store, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        var deleted = await session.Sql(Delete, ct, ("profile", caller.ProfileId), ("id", id));
        await session.Commit(ct);
        return deleted == 1 ? TypedResults.NoContent() : Problems.NotFound();
    }
}
