using MassMessaging.Profiles.ApiKeys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace MassMessaging.Profiles.SignIn;

/// <summary>The one place that knows which proof a request carries.</summary>
internal static class Schemes
{
    public const string Any = "mass-messaging";

    private const string Bearer = "Bearer ";

    public static void Forward(PolicySchemeOptions options)
    {
        options.ForwardDefaultSelector = Of;
        // A cookie scheme would answer with a redirect to a page that does not exist here.
        options.ForwardChallenge = IdentityConstants.BearerScheme;
        options.ForwardForbid = IdentityConstants.BearerScheme;
    }

    private static string Of(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return StreamTickets.IsFor(context) ? StreamTicketSignIn.SchemeName : IdentityConstants.ApplicationScheme;

        if (header.StartsWith(Bearer + ApiKeyText.Start, StringComparison.OrdinalIgnoreCase)) return ApiKeySignIn.SchemeName;

        var isJwt = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && header.Contains('.', StringComparison.Ordinal); // ours hold no dot
        return isJwt && context.RequestServices.GetService<IssuerSettings>() is not null ? ForeignTokens.SchemeName : IdentityConstants.BearerScheme;
    }
}
