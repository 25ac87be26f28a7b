using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Surveys;

/// <summary><c>GET /api/health-survey</c>.</summary>
public static class ListSurveys
{
    private const string List = $"""
        select {SurveyRow.Columns}
        from health_survey
        where profile_id = @profile and (@after::uuid is null or id < @after)
        order by id desc
        limit @limit
        """;

    private const string Count = "select count(*) from health_survey where profile_id = @profile";

    public static void Map(IEndpointRouteBuilder surveys) => surveys.MapGet("/", Get)
        .Documented("listSurveys", "What visitors answered, newest first.").Produces<SurveyRow[]>();

    private static async Task<IResult> Get(Page page, Caller caller, IStore store, HttpContext context)
    {
        var ct = context.RequestAborted;
        var rows = await store.Query(
            List, SurveyRow.Read, ct, ("profile", caller.ProfileId), ("after", page.After), ("limit", page.Limit + 1));
        long? total = page.After is null ? (await store.Query(Count, row => row.GetInt64(0), ct, ("profile", caller.ProfileId)))[0] : null;
        return page.List(context, rows, row => row.Id, total);
    }
}
