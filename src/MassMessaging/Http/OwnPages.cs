using Microsoft.AspNetCore.Authorization;

namespace MassMessaging.Http;

/// <summary>
/// A browser sends the cookie along whoever's page asks. So what changes something and has no other proof than the cookie must come from a
/// page of this service or of <c>CORS_ORIGINS</c>, as the browser itself tells; what tells nothing is no browser (as Go's
/// CrossOriginProtection has it). SameSite=Strict on the cookie is the other wall.
/// </summary>
public sealed class OwnPages(IReadOnlyList<string> origins)
{
    public const string Code = "cross-site-request";

    public Task Run(HttpContext context, RequestDelegate next) =>
        !Changes(context) || context.Request.Headers.Authorization.Count > 0 || IsOwn(context.Request)
            ? next(context)
            : new Problem(StatusCodes.Status403Forbidden, Code, "Another site's page asked for this in your name.").ExecuteAsync(context);

    private static bool Changes(HttpContext context) =>
        context.User.Identity?.IsAuthenticated == true
        && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
        && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method);

    private bool IsOwn(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return true;

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site is "same-origin" or "none";

        return origin.Length == 0 || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
