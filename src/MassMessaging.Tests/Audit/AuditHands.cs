using MassMessaging.Audit;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Audit;

internal static class AuditHands
{
    /// <summary>Places of events that the chain never saw.</summary>
    public static async Task<IReadOnlyList<long>> Strays(this IServiceProvider services, Guid campaign, Guid profile) =>
        [.. (await services.GetRequiredService<AuditTrail>().Strays(new StreamKey(profile, campaign), long.MaxValue, default)).Select(stray => stray.Seq)];

    public static Task Rebuild(this TestApp app, string view) => app.Services.GetRequiredService<ViewRebuild>().Run(view, default);
}
