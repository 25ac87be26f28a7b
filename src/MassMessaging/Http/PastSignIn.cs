using Microsoft.AspNetCore.Authorization;

namespace MassMessaging.Http;

/// <summary>Routes where nobody signs in, and which no page of a browser asks for.</summary>
public static class PastSignIn
{
    /// <summary>
    /// Answered as soon as the route is known: what would look for a user, a page or a key first is a third of a small request's cost.
    /// Headers of every answer and the shape of problems stay. Last of a route's conventions.
    /// </summary>
    public static void AtOnce(this IEndpointConventionBuilder route)
    {
        route.ShortCircuit();

        // Of the group; AllowAnonymous has lifted it, and whoever skips its check must not carry it.
        route.Finally(endpoint =>
        {
            foreach (var lifted in endpoint.Metadata.OfType<IAuthorizeData>().ToList()) endpoint.Metadata.Remove(lifted);
        });
    }
}
