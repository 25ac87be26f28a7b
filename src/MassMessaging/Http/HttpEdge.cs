using MassMessaging.OpenApi;
using Microsoft.AspNetCore.HttpOverrides;

namespace MassMessaging.Http;

/// <summary>What every request passes before it reaches an endpoint.</summary>
public static class HttpEdge
{
    public static void AddHttpEdge(this WebApplicationBuilder builder, Settings settings)
    {
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
            .WithExposedHeaders("ETag", "Link", "Location", "Retry-After", "X-Total-Count")));
        RateLimits.Add(builder.Services, settings);
        builder.Services.AddApiDocument();
    }

    public static void UseHttpEdge(this WebApplication app, Settings settings)
    {
        if (settings.TrustedProxies.Count > 0) app.UseForwardedHeaders(Forwarded(settings));
        app.UseMiddleware<ProblemMiddleware>();
        app.UseStatusCodePages(bare => Problems.OfStatus(bare.HttpContext.Response.StatusCode).ExecuteAsync(bare.HttpContext));
        app.Use(NotToBeStored);
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.MapApiDocument();
    }

    private static Task NotToBeStored(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)) context.Response.Headers.CacheControl = "no-store";
        return next(context);
    }

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
