using MassMessaging.OpenApi;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration.Memory;

namespace MassMessaging.Http;

/// <summary>What every request passes before it reaches an endpoint.</summary>
public static class HttpEdge
{
    public static void AddHttpEdge(this WebApplicationBuilder builder, Settings settings)
    {
        QuietByDefault(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = JsonBody.MaxBytes;
            kestrel.AddServerHeader = false;
        });
        builder.Services.ConfigureHttpJsonOptions(json => JsonConventions.Apply(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true); // one place words every refusal
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<PublicUrl>();
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. settings.CorsOrigins]).AllowAnyMethod().AllowAnyHeader().AllowCredentials()
            .WithExposedHeaders("ETag", "Link", "Location", "Retry-After", "X-Total-Count", IdempotentRoutes.Replayed)));
        RateLimits.Add(builder.Services, settings);
        builder.Services.AddApiDocument();
    }

    public static void UseHttpEdge(this WebApplication app, Settings settings)
    {
        if (settings.TrustedProxies.Count > 0) app.UseForwardedHeaders(Forwarded(settings));
        app.Use(SecurityHeaders.Run);
        app.UseProblems();
        app.UseStatusCodePages(bare => Problems.OfStatus(bare.HttpContext.Response.StatusCode).ExecuteAsync(bare.HttpContext));
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.Use(new OwnPages(settings.CorsOrigins).Run);
        app.Use(ScopeCheck.Run);
        app.UseRequestRows();
        if (settings.Role != Role.Worker) app.MapApiDocument();
    }

    /// <summary>From here on, what is thrown becomes a problem.</summary>
    public static void UseProblems(this IApplicationBuilder app) => app.UseMiddleware<ProblemMiddleware>();

    /// <summary>Whatever Logging__LogLevel__… says comes after, and wins.</summary>
    private static void QuietByDefault(ConfigurationManager configuration) => configuration.Sources.Insert(0, new MemoryConfigurationSource
    {
        InitialData = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error", // warns of keys that only the database protects
        },
    });

    /// <summary>Anyone can send forwarding headers: they count only from the proxies named.</summary>
    private static ForwardedHeadersOptions Forwarded(Settings settings)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in settings.TrustedProxies) options.KnownIPNetworks.Add(network);
        return options;
    }
}
