using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Templates;

/// <summary><c>GET /api/campaign-templates</c>: most recently used first; one never used stands where it was created.</summary>
public static class ListTemplates
{
    private const string SelectPage =
        $"""
        select {TemplateRow.Columns}
        from campaign_template
        where profile_id = @profile
          and (@after::uuid is null or (coalesce(last_used_at, created_at), id) <
               (select coalesce(last_used_at, created_at), id from campaign_template where profile_id = @profile and id = @after))
        order by coalesce(last_used_at, created_at) desc, id desc
        limit @limit
        """;

    private const string Count = "select count(*) from campaign_template where profile_id = @profile";

    public static void Map(IEndpointRouteBuilder templates) => templates.MapGet("/", Get)
        .Documented("listTemplates", "All templates, most recently used first.", "validation-failed").Produces<TemplateRow[]>();

    private static async Task<IResult> Get(Caller caller, Page page, HttpContext context, IStore store, CancellationToken ct)
    {
        var rows = await store.Query(
            SelectPage, TemplateRow.Read, ct, ("profile", caller.ProfileId), ("after", page.After), ("limit", page.Limit + 1));
        var total = await page.Total(store, Count, ct, ("profile", caller.ProfileId));
        return page.List(context, rows, row => row.Id, total);
    }
}
