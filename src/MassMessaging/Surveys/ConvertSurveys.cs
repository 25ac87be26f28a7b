using MassMessaging.Clients;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Surveys;

/// <param name="SurveyIds">1 to 5,000.</param>
public sealed record SurveysToConvert(IReadOnlyList<Guid> SurveyIds);

/// <param name="Total">Always <c>Successful + Failed</c>: one for each id given.</param>
/// <param name="Results">In the order of the ids.</param>
public sealed record ConvertedSurveys(int Successful, int Failed, int Total, IReadOnlyList<ConvertedSurvey> Results);

/// <summary><c>POST /api/health-survey/{id}/create-client</c> and <c>/bulk-create-clients</c>: only when the advisor says so.</summary>
public static class ConvertSurveys
{
    private const int Most = 5000;

    public static void Map(IEndpointRouteBuilder surveys)
    {
        surveys.MapPost("/{id:guid}/create-client", Post)
            .Documented(
                "createClientFromSurvey", "Makes a client, labelled prospecto, of a survey.",
                "survey-without-phone", "phone-invalid", "client-exists", "import-running")
            .Produces<Client>(StatusCodes.Status201Created);
        surveys.MapPost("/bulk-create-clients", PostMany)
            .Documented("createClientsFromSurveys", "Makes clients of many surveys; says of each what became of it.", "validation-failed",
                "import-running")
            .Takes<SurveysToConvert>()
            .Produces<ConvertedSurveys>(StatusCodes.Status207MultiStatus);
    }

    private static async Task<IResult> Post(Guid id, Caller caller, SurveyConversion conversion, IStore store, CancellationToken ct)
    {
        var country = await Client.CountryOf(store, caller.ProfileId, ct);
        await using var session = store.Open(caller.Origin);
        var result = (await conversion.Run(session, caller.ProfileId, country, [id], ct))[0];
        if (result.ClientId is not { } made) return Refusal(result.Code!);

        var client = await Client.Find(session, caller.ProfileId, made, ct);
        await session.Commit(ct);
        return TypedResults.Created($"/api/clients/{made}", client);
    }

    private static async Task<IResult> PostMany(Fields body, Caller caller, SurveyConversion conversion, IStore store, CancellationToken ct)
    {
        var ids = body.Ids("surveyIds", Most);
        if (ids is null or [] && !body.AreWrong) body.Wrong("surveyIds", "must name at least one survey");
        if (body.AreWrong) return body.Problem();

        var country = await Client.CountryOf(store, caller.ProfileId, ct);
        await using var session = store.Open(caller.Origin);
        var results = await conversion.Run(session, caller.ProfileId, country, ids!, ct);
        await session.Commit(ct);
        var successful = results.Count(result => result.ClientId is not null);
        return TypedResults.Json(
            new ConvertedSurveys(successful, results.Count - successful, results.Count, results), statusCode: StatusCodes.Status207MultiStatus);
    }

    private static IResult Refusal(string code) => code switch
    {
        "client-exists" => CreateClientEndpoint.Exists(),
        "survey-without-phone" => Problems.Invalid(code, "The visitor left no phone number."),
        "phone-invalid" => Problems.Invalid(code, "What the visitor wrote is no phone number, as read in your country."),
        _ => Problems.NotFound(),
    };
}
