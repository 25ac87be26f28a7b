using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Benchmarks.Webhooks;

/// <summary>The webhook's endpoint, answering 200 without doing anything.</summary>
public static class WebhookFloor
{
    public static async Task<int> Run(string url)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();
        app.UseRouting();
        app.MapPost("/api/webhooks/evolution/{instance}", (HttpContext context) => { context.Response.StatusCode = StatusCodes.Status200OK; });
        app.MapGet("/", () => { });
        await app.RunAsync();
        return 0;
    }
}
