using System.Diagnostics;
using System.Globalization;

namespace MassMessaging.Telemetry;

/// <summary>Requests are told by their route and their answer: the framework's span knows neither.</summary>
internal static class RequestTraces
{
    public static async Task Tell(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is not { IsAllDataRequested: true } request)
        {
            await next(context);
            return;
        }

        // Probes come every few seconds, and say nothing that the probe itself does not.
        if (context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
            (request.IsAllDataRequested, request.ActivityTraceFlags) = (false, request.ActivityTraceFlags & ~ActivityTraceFlags.Recorded);

        await next(context);
        var (route, status) = ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, context.Response.StatusCode);
        request.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
        request.SetTag("http.route", route).SetTag("http.response.status_code", status);
        if (status < 500) return;

        request.SetStatus(ActivityStatusCode.Error).SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
    }
}
