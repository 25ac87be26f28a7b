using MassMessaging.Analytics.Views;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Analytics;

/// <summary>What became of messages, for people: sums of views, never of the log.</summary>
public static class AnalyticsFeature
{
    public static Feature Feature { get; } = new("analytics", Kernel: Kernel, Routes: Routes);

    private static void Kernel(KernelBuilder kernel) => kernel
        .SumView<CampaignFigures>()
        .SumView<CampaignDurations>();

    private static void Routes(IEndpointRouteBuilder routes)
    {
        var analytics = routes.MapGroup("/analytics").WithTags("Analytics").ScopedByMethod();
        ReadOverview.Map(analytics);
        ReadCampaignFigures.Map(analytics);
        ReadTimeseries.Map(analytics);
    }
}
