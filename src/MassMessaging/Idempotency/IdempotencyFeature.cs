using MassMessaging.Clients;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Idempotency;

/// <summary>POSTs that can be repeated without being done twice.</summary>
public static class IdempotencyFeature
{
    public static Feature Feature { get; } = new("idempotency", Services);

    /// <summary>After authentication; what endpoints throw is worded inside, so that it is kept as it is given.</summary>
    public static void UseIdempotency(this WebApplication app)
    {
        app.UseMiddleware<RepeatMiddleware>();
        app.UseProblems();
    }

    private static void Services(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var kernels = services.Last(service => service.ServiceType == typeof(IStore)).ImplementationFactory!;
        services.AddSingleton<IStore>(provider =>
            new IdempotentStore((IStore)kernels(provider), provider.GetRequiredService<IHttpContextAccessor>()));
        services.AddSingleton<IdempotentRequests>();
        services.AddSingleton<IErasureSubscriber, ForgetAnswers>();
        services.AddSingleton<SweepAnswers>();
        if (builder.Configuration.GetValue("ROLE", Role.All) != Role.Api)
            services.AddHostedService(provider => provider.GetRequiredService<SweepAnswers>());
    }
}
