using System.Security.Claims;
using MassMessaging.Kernel;

namespace MassMessaging.Http;

/// <summary>Marks a route that acts for the service: it signs somebody in, or speaks for the gateway of all profiles.</summary>
public sealed record ActsForService;

/// <summary>Keeps each request to the rows of the profile that is signed in, in the database too; a visitor's to nobody's.</summary>
public static class RequestRows
{
    public static TBuilder ForService<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ActsForService());

    /// <summary>After authentication, which looks the profile up.</summary>
    public static void UseRequestRows(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ActsForService>() is not null)
        {
            await next(context);
            return;
        }

        using (RowScope.Of(Guid.TryParse(context.User.FindFirstValue(Caller.ProfileClaim), out var profile) ? profile : null)) await next(context);
    });
}
