using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary><c>DELETE /api/campaigns/{id}</c>: a draft, with every version of what it said.</summary>
public static class DeleteCampaign
{
    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapDelete("/{id:guid}", Delete)
        .Documented("deleteCampaign", "Deletes a draft.", "campaign-not-draft", "precondition-failed")
        .Produces(StatusCodes.Status204NoContent);

    private static Task<IResult> Delete(HttpContext context, Caller caller, Guid id, IStore store, CancellationToken ct)
    {
        var command = new CampaignCommand(context, store, caller, id);
        return command.Run(
            ChangeCampaign.Delete, ct,
            () => Task.FromResult<IResult>(TypedResults.NoContent()),
            session => CampaignContent.RemoveAll(session, command.Key, ct));
    }
}
