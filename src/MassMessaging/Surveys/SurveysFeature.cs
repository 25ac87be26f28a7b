using MassMessaging.Clients;
using MassMessaging.Http;

namespace MassMessaging.Surveys;

public static class SurveysFeature
{
    public static Feature Feature { get; } = new("surveys", Services, Routes: Routes);

    private static void Services(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SurveyConversion>();
        builder.Services.AddSingleton<IErasureSubscriber, EraseSurveys>();
    }

    private static void Routes(IEndpointRouteBuilder routes)
    {
        SubmitSurvey.Map(routes.MapGroup("/public").WithTags("Surveys"));
        var surveys = routes.MapGroup("/health-survey").WithTags("Surveys").ScopedByMethod();
        ListSurveys.Map(surveys);
        DeleteSurvey.Map(surveys);
        ConvertSurveys.Map(surveys);
    }
}
