using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MassMessaging.Profiles.SignIn;

/// <summary>Who somebody is: ASP.NET Core Identity over our own tables, and one scheme in front of all kinds of proof.</summary>
public static class SignInFeature
{
    public static Feature Feature { get; } = new("SignIn", Services, Routes: SignInRoutes.Map);

    private static void Services(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<KeyRing>().AddHostedService<FirstKey>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, UseKeyRing>();
        services.AddDataProtection().SetApplicationName("mass-messaging"); // the default is the folder, which differs between nodes

        services.AddIdentityApiEndpoints<Account>(Rules);
        services.AddScoped<IUserStore<Account>, AccountStore>();
        services.AddTransient<IEmailSender<Account>, MailSender>();
        services.AddTransient<IClaimsTransformation, ProfileOfUser>();
        services.AddSingleton<ProfileIds>();
        services.AddAuthentication(Schemes.Any).AddPolicyScheme(Schemes.Any, displayName: null, Schemes.Forward);
        services.AddAuthorization();
    }

    private static void Rules(IdentityOptions identity)
    {
        identity.User.RequireUniqueEmail = true;
        identity.User.AllowedUserNameCharacters = ""; // the user name is the e-mail address, whose characters Identity does not all know
        identity.Password.RequiredLength = 8;
        identity.SignIn.RequireConfirmedAccount = false;
    }
}

/// <summary>The one place that knows which proof a request carries. Foreign tokens and API keys join here.</summary>
internal static class Schemes
{
    public const string Any = "mass-messaging";

    public static void Forward(PolicySchemeOptions options)
    {
        options.ForwardDefaultSelector = context => context.Request.Headers.Authorization.Count > 0
            ? IdentityConstants.BearerScheme
            : IdentityConstants.ApplicationScheme;
        // A cookie scheme would answer with a redirect to a page that does not exist here.
        options.ForwardChallenge = IdentityConstants.BearerScheme;
        options.ForwardForbid = IdentityConstants.BearerScheme;
    }
}
