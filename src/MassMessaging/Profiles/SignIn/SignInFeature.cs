using MassMessaging.Profiles.ApiKeys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MassMessaging.Profiles.SignIn;

/// <summary>Who somebody is: ASP.NET Core Identity over our own tables, and one scheme in front of all kinds of proof.</summary>
public static class SignInFeature
{
    public static Feature Feature { get; } = new("SignIn", Services, Routes: Routes);

    private static void Routes(IEndpointRouteBuilder routes)
    {
        SignInRoutes.Map(routes);
        StreamTickets.Map(routes);
    }

    private static void Services(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<KeyRing>().AddHostedService<FirstKey>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, UseKeyRing>();
        services.AddDataProtection().SetApplicationName("mass-messaging"); // the default is the folder, which differs between nodes

        services.AddIdentityApiEndpoints<Account>(Rules);
        // Accounts have no phone, and the provider asks the store for one: whoever had two factors could not sign in.
        services.PostConfigure<IdentityOptions>(identity => identity.Tokens.ProviderMap.Remove(TokenOptions.DefaultPhoneProvider));
        services.AddSingleton<Vouching>();
        services.AddScoped<IUserStore<Account>, AccountStore>();
        services.AddTransient<IEmailSender<Account>, MailSender>();
        services.AddTransient<IClaimsTransformation, ProfileOfUser>();
        services.AddSingleton<ProfileIds>();
        services.AddScoped<SignInManager<Account>, EvenSignIn>().AddSingleton<UnknownAddresses>();
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).Configure<Settings>(Cookie);
        services.Configure<SecurityStampValidatorOptions>(stamps => stamps.ValidationInterval = TimeSpan.FromMinutes(1));
        var authentication = services.AddAuthentication(Schemes.Any)
            .AddPolicyScheme(Schemes.Any, displayName: null, Schemes.Forward)
            .AddScheme<AuthenticationSchemeOptions, ApiKeySignIn>(ApiKeySignIn.SchemeName, configureOptions: null)
            .AddScheme<AuthenticationSchemeOptions, StreamTicketSignIn>(StreamTicketSignIn.SchemeName, configureOptions: null);
        ForeignTokens.Add(authentication, builder.Configuration);
        services.AddAuthorization();
    }

    /// <summary>Not for scripts nor other sites, and where the service is reached by https never without it.</summary>
    private static void Cookie(CookieAuthenticationOptions cookies, Settings settings)
    {
        cookies.Cookie.HttpOnly = true;
        cookies.Cookie.SameSite = SameSiteMode.Strict;
        cookies.Cookie.SecurePolicy = settings.PublicUrl?.Scheme == "https" ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }

    private static void Rules(IdentityOptions identity)
    {
        identity.User.RequireUniqueEmail = true;
        identity.User.AllowedUserNameCharacters = ""; // the user name is the e-mail address, whose characters Identity does not all know
        identity.Password.RequiredLength = 8;
        identity.SignIn.RequireConfirmedAccount = false;
    }
}
