using MassMessaging.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MassMessaging.Health;

/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Reasons">Why it is not healthy: one sentence each.</param>
public sealed record HealthAnswer(string Status, IReadOnlyList<string> Reasons);

/// <summary>
/// Live: the process answers. Ready: it can work. Only what nothing works without makes it unready; what features report as degraded
/// never does, or every node would be taken out of service for one gateway's outage.
/// </summary>
public static class HealthRoutes
{
    public static void AddHealth(this IServiceCollection services) => services.AddHealthChecks().AddCheck<DatabaseCheck>("database");

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").AllowAnonymous().ForService().WithTags("Health");
        health.MapGet("/live", () => new HealthAnswer("healthy", []))
            .Documented("live", "Answers as long as the process runs").Produces<HealthAnswer>();
        health.MapGet("/ready", Ready)
            .Documented("ready", "Tells whether the service can work: 503 without a database or with migrations pending")
            .Produces<HealthAnswer>().Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> Ready(HealthCheckService checks, CancellationToken ct)
    {
        var report = await checks.CheckHealthAsync(ct);
        var reasons = report.Entries.Values
            .Where(entry => entry.Status != HealthStatus.Healthy)
            .Select(entry => entry.Description ?? "A check failed.");
        var answer = new HealthAnswer(JsonConventions.NameOf(report.Status), [.. reasons]);
        return report.Status == HealthStatus.Unhealthy
            ? TypedResults.Json(answer, statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Ok(answer);
    }
}
