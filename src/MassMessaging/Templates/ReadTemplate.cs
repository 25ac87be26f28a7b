using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Templates;

/// <summary><c>GET /api/campaign-templates/{id}</c>.</summary>
public static class ReadTemplate
{
    private const string Select = $"select {TemplateRow.Columns} from campaign_template where profile_id = @profile and id = @id";

    public static void Map(IEndpointRouteBuilder templates) => templates.MapGet("/{id:guid}", Get)
        .Documented("readTemplate", "One template.").Produces<TemplateRow>();

    private static async Task<IResult> Get(Caller caller, Guid id, IStore store, CancellationToken ct)
    {
        var rows = await store.Query(Select, TemplateRow.Read, ct, ("profile", caller.ProfileId), ("id", id));
        return rows is [var row] ? TypedResults.Ok(row) : Problems.NotFound();
    }
}
