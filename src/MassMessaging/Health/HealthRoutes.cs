using MassMessaging.Http;

namespace MassMessaging.Health;

/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Reasons">Why it is not healthy: one sentence each.</param>
public sealed record HealthAnswer(string Status, IReadOnlyList<string> Reasons)
{
    public static HealthAnswer Healthy { get; } = new("healthy", []);

    public static HealthAnswer Unhealthy(string reason) => new("unhealthy", [reason]);
}

/// <summary>
/// Live: the process answers. Ready: it can work. Only what nothing works without makes it unready, or that it is about to stop; what else is
/// wrong degrades it, or every node would be taken out of service for one gateway's outage.
/// </summary>
public static class HealthRoutes
{
    public static void AddHealth(this IServiceCollection services) => services.AddSingleton<Readiness>();

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").AllowAnonymous().ForService().WithTags("Health");
        health.MapGet("/live", () => HealthAnswer.Healthy)
            .Documented("live", "Answers as long as the process runs").Produces<HealthAnswer>();
        health.MapGet("/ready", Ready)
            .Documented("ready", "Tells whether the service can work: 503 without a database or with migrations pending")
            .Produces<HealthAnswer>().Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> Ready(Readiness readiness, CancellationToken ct)
    {
        var answer = await readiness.Now(ct);
        return answer.Status == "unhealthy" ? TypedResults.Json(answer, statusCode: StatusCodes.Status503ServiceUnavailable) : TypedResults.Ok(answer);
    }
}
