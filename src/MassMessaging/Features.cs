using MassMessaging.Analytics;
using MassMessaging.Assistant;
using MassMessaging.Audit;
using MassMessaging.Campaigns;
using MassMessaging.Clients;
using MassMessaging.Idempotency;
using MassMessaging.Kernel;
using MassMessaging.Notifications;
using MassMessaging.Operations;
using MassMessaging.Profiles;
using MassMessaging.Profiles.ApiKeys;
using MassMessaging.Profiles.SignIn;
using MassMessaging.Surveys;
using MassMessaging.Templates;
using MassMessaging.WhatsApp;

namespace MassMessaging;

/// <summary>All that the service can do. Nothing is scanned: what is not listed here does not exist.</summary>
public static class Features
{
    public static IReadOnlyList<Feature> All { get; } =
    [
        IdempotencyFeature.Feature,
        SignInFeature.Feature,
        ApiKeysFeature.Feature,
        ProfilesFeature.Feature,
        ClientsFeature.Feature,
        SurveysFeature.Feature,
        TemplatesFeature.Feature,
        WhatsAppFeature.Feature,
        CampaignsFeature.Feature,
        AnalyticsFeature.Feature,
        AssistantFeature.Feature,
        NotificationsFeature.Feature,
        AuditFeature.Feature,
        OperationsFeature.Feature,
    ];

    public static void Declare(KernelBuilder kernel)
    {
        kernel.Migrations(typeof(Features).Assembly);
        foreach (var feature in All) feature.Kernel?.Invoke(kernel);
    }

    public static void AddFeatures(this WebApplicationBuilder builder, Settings settings)
    {
        builder.Services.AddSingleton(settings);
        if (settings.Mail is { } mail) builder.Services.AddSingleton(mail);
        foreach (var feature in All) feature.Services?.Invoke(builder);
    }

    /// <summary>Whoever is not signed in gets nothing, unless a route says otherwise.</summary>
    public static void MapFeatures(this WebApplication app, Settings settings)
    {
        if (settings.Role == Role.Worker) return;

        var api = app.MapGroup("/api").RequireAuthorization();
        foreach (var feature in All) feature.Routes?.Invoke(api);
    }
}
