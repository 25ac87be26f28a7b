using MassMessaging.Http;
using MassMessaging.Profiles.SignIn;

namespace MassMessaging.Operations;

/// <summary>What keeps the service going is seen and acted upon here: queues, dead letters, views, nodes.</summary>
public static class OperationsFeature
{
    public static Feature Feature { get; } = new("operations", Services, Routes: Routes);

    private static void Services(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(OperatorEmails.From(builder.Configuration));
        builder.Services.AddSingleton<Operators>();
    }

    private static void Routes(IEndpointRouteBuilder routes)
    {
        var operations = routes.MapGroup("/operations").WithTags("Operations").Needs(Scope.Operate);
        ListViews.Map(operations);
        RebuildView.Map(operations);
        MendView.Map(operations);
        DeadLetterRoutes.Map(operations);
        SystemRoutes.Map(operations);
    }
}
