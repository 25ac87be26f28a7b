using MassMessaging.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;

namespace MassMessaging.Profiles.SignIn;

/// <summary>Identity's own endpoints in our conventions: open where one cannot be signed in yet, limited, coded, documented.</summary>
internal static class SignInRoutes
{
    private const string Prefix = "/auth";

    private static readonly Dictionary<string, (string Name, string Summary, string[] Codes)> Documentation = new(StringComparer.Ordinal)
    {
        ["POST /register"] = ("register", "Creates an account", ["validation-failed", "email-invalid", "email-taken", "password-too-weak"]),
        ["POST /login"] = ("login", "Signs in", ["validation-failed", "sign-in-failed", "locked-out", "two-factor-required"]),
        ["POST /refresh"] = ("refresh", "Answers new tokens for a refresh token", ["validation-failed", "not-signed-in"]),
        ["GET /confirmEmail"] = ("", "Confirms an e-mail address by the link from a mail", ["not-signed-in"]),
        ["POST /resendConfirmationEmail"] = ("resendConfirmation", "Sends the confirmation mail again", ["validation-failed", MailOff]),
        ["POST /forgotPassword"] = ("forgotPassword", "Mails a code to change a forgotten password with", ["validation-failed", MailOff]),
        ["POST /resetPassword"] = ("resetPassword", "Changes a forgotten password",
            ["validation-failed", "token-invalid", "password-too-weak", MailOff]),
        ["GET /manage/info"] = ("getAccount", "The account's e-mail address", ["not-found"]),
        ["POST /manage/info"] = ("changeAccount", "Changes the e-mail address or the password",
            ["validation-failed", "email-invalid", "password-too-weak", "sign-in-failed", "not-found"]),
        ["POST /manage/2fa"] = ("twoFactor", "Turns two-factor sign-in on or off", ["validation-failed", "token-invalid", "not-found"]),
    };

    private const string MailOff = "mail-not-configured";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup(Prefix).WithTags("Sign-in");
        auth.AddEndpointFilter(async (context, next) => SignInProblems.WithCode(await next(context)));
        auth.MapIdentityApi<Account>();
        ((IEndpointConventionBuilder)auth).Add(endpoint => Dress((RouteEndpointBuilder)endpoint));
    }

    private static void Dress(RouteEndpointBuilder endpoint)
    {
        var path = endpoint.RoutePattern.RawText!;
        var route = path[(path.IndexOf(Prefix, StringComparison.Ordinal) + Prefix.Length)..];
        var method = endpoint.Metadata.OfType<IHttpMethodMetadata>().First().HttpMethods[0];
        var (name, summary, codes) = Documentation[$"{method} {route}"];

        // Identity looks its confirmation link up by a name of its own.
        if (name.Length > 0) endpoint.Metadata.Add(new EndpointNameMetadata(name));
        endpoint.Metadata.Add(new EndpointSummaryAttribute(summary));
        endpoint.Metadata.Add(new ProblemCodes(codes));
        endpoint.Metadata.Add(new NotIdempotent());
        endpoint.Metadata.Add(route.StartsWith("/manage", StringComparison.Ordinal) ? new NotForKeys() : new AllowAnonymousAttribute());
        endpoint.Metadata.Add(new ActsForService());
        if (route is not "/refresh" && !route.StartsWith("/manage", StringComparison.Ordinal))
            endpoint.Metadata.Add(new EnableRateLimitingAttribute(RateLimits.SignIn));

        var identity = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => Handle(context, route, codes, identity);
    }

    private static async Task Handle(HttpContext context, string route, string[] codes, RequestDelegate identity)
    {
        await SignInBodies.Check(route, context);
        if (codes.Contains(MailOff) && context.RequestServices.GetService<MailSettings>() is null)
            throw new ProblemException(StatusCodes.Status503ServiceUnavailable, MailOff, "This service sends no mail.");

        await identity(context);
    }
}
