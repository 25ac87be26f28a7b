using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace MassMessaging.Http;

/// <summary>Holds API keys and tickets to what they were given. A route that declares nothing is closed to them.</summary>
public static class ScopeCheck
{
    /// <summary>One for each scope that was given. Without any a proof is not limited; nothing from outside becomes such a claim.</summary>
    public const string ScopeClaim = "mass-messaging:scope";

    /// <summary>The id of the API key that a request came with.</summary>
    public const string KeyClaim = "mass-messaging:key";

    public const string Missing = "scope-missing";
    public const string KeyRefused = "key-not-allowed";

    public static Task Run(HttpContext context, RequestDelegate next)
    {
        // What is no route is routing's own refusal of a method or a content type.
        var metadata = (context.GetEndpoint() as RouteEndpoint)?.Metadata;
        if (metadata is null || metadata.GetMetadata<IAllowAnonymous>() is not null || !IsLimited(context.User)) return next(context);
        if (metadata.GetMetadata<NotForKeys>() is not null) return Refused().ExecuteAsync(context);
        if (metadata.GetMetadata<NeededScope>() is not { } needed)
            return Problems.OfStatus(StatusCodes.Status403Forbidden).ExecuteAsync(context);
        if (Has(context.User, needed.Scope)) return next(context);

        context.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{Word(needed.Scope)}\""; // RFC 6750
        return Lacks(needed.Scope).ExecuteAsync(context);
    }

    public static bool Has(ClaimsPrincipal user, Scope scope) => !IsLimited(user) || user.HasClaim(ScopeClaim, Word(scope));

    public static string Word(Scope scope) => JsonConventions.NameOf(scope);

    public static Problem Lacks(Scope scope) => new(
        StatusCodes.Status403Forbidden, Missing, $"This needs the scope {Word(scope)}, which the API key was not given.");

    private static bool IsLimited(ClaimsPrincipal user) => user.HasClaim(claim => claim.Type is ScopeClaim or KeyClaim);

    private static Problem Refused() => new(
        StatusCodes.Status403Forbidden, KeyRefused, "No API key can do this: sign in with e-mail and password.");
}
