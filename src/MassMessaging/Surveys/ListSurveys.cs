using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Surveys;

/// <summary><c>GET /api/health-survey</c>.</summary>
public static class ListSurveys
{
    // Answers are up to 16 KiB each: a page of many large ones ends early, and the next link leads on.
    private const int MostBytes = 4 * 1024 * 1024;

    // Those of the page, and the one behind it; the last column says whether a row fits.
    private const string List = $"""
        with page as (
            select id as page_id, sum(octet_length(answers::text)) over (order by id desc) as bytes, octet_length(answers::text) as own
            from health_survey
            where profile_id = @profile and (@after::uuid is null or id < @after)
            order by id desc
            limit @limit)
        select {SurveyRow.Columns}, page.bytes <= @most
        from page join health_survey on profile_id = @profile and id = page.page_id
        where page.bytes - page.own <= @most
        order by id desc
        """;

    private const string Count = "select count(*) from health_survey where profile_id = @profile";

    public static void Map(IEndpointRouteBuilder surveys) => surveys.MapGet("/", Get)
        .Documented("listSurveys", "What visitors answered, newest first.").Produces<SurveyRow[]>();

    private static async Task<IResult> Get(Page page, Caller caller, IStore store, HttpContext context)
    {
        var ct = context.RequestAborted;
        var rows = await store.Query(
            List, row => (Survey: SurveyRow.Read(row), Fits: row.GetBoolean(8)), ct,
            ("profile", caller.ProfileId), ("after", page.After), ("limit", page.Limit + 1), ("most", MostBytes));
        var fitting = Math.Min(page.Limit, rows.Count(row => row.Fits));
        var total = await page.Total(store, Count, ct, ("profile", caller.ProfileId));
        return (page with { Limit = fitting }).List(context, rows, row => row.Survey.Id, row => row.Survey, total);
    }
}
