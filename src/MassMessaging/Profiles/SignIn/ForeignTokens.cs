using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MassMessaging.Profiles.SignIn;

/// <summary><c>Auth__Authority</c> and <c>Auth__Audience</c>: whose tokens are taken beside our own, and for whom they must be made.</summary>
public sealed record IssuerSettings(string Authority, string Audience)
{
    public static IssuerSettings? From(IConfiguration configuration) =>
        configuration["Auth:Authority"]?.Trim() is { Length: > 0 } authority && configuration["Auth:Audience"]?.Trim() is { Length: > 0 } audience
            ? new IssuerSettings(authority, audience)
            : null;
}

/// <summary>JWTs of an external OpenID Connect issuer, whose keys <see cref="IssuerKeys"/> knows.</summary>
internal static class ForeignTokens
{
    public const string SchemeName = "issuer";

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>Signatures with public keys only: with HS256 whoever knows the issuer's public key could sign.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public static void Add(AuthenticationBuilder authentication, IConfiguration configuration)
    {
        if (IssuerSettings.From(configuration) is not { } issuer) return;

        authentication.Services.AddSingleton(issuer).AddSingleton<IssuerKeys>();
        authentication.AddJwtBearer(SchemeName, _ => { });
        authentication.Services.AddOptions<JwtBearerOptions>(SchemeName)
            .Configure<IssuerKeys, TimeProvider>((options, keys, clock) => Configure(options, issuer, keys, clock));
    }

    /// <summary>
    /// The same person is the same user for ever, and never a local account's: the id is a hash of issuer and subject (RFC 9562, version 8).
    /// </summary>
    public static Guid UserOf(string issuer, string subject)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    private static void Configure(JwtBearerOptions options, IssuerSettings issuer, IssuerKeys keys, TimeProvider clock)
    {
        options.ConfigurationManager = keys;
        options.Audience = issuer.Audience;
        options.MapInboundClaims = false;
        options.TokenValidationParameters.ClockSkew = Skew;
        options.TokenValidationParameters.ValidAlgorithms = Algorithms;
        options.TokenValidationParameters.LifetimeValidator = (from, until, _, _) => IsNow(from, until, clock.GetUtcNow().UtcDateTime);
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = context => keys.Expect(context.Request.Headers.Authorization.ToString()["Bearer ".Length..]),
            OnTokenValidated = Name,
        };
    }

    private static bool IsNow(DateTime? from, DateTime? until, DateTime now) => until is { } end && now < end + Skew && !(now < from - Skew);

    /// <summary>Of all that the token claims only who it is counts: nothing in it can pass for a claim of ours.</summary>
    private static Task Name(TokenValidatedContext context)
    {
        var token = context.Principal!;
        if (token.FindFirstValue(JwtRegisteredClaimNames.Sub) is not { Length: > 0 } subject)
        {
            context.Fail("The token names nobody.");
            return Task.CompletedTask;
        }

        var issuer = token.FindFirstValue(JwtRegisteredClaimNames.Iss) ?? "";
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, UserOf(issuer, subject).ToString())], SchemeName);
        if (token.FindFirstValue(JwtRegisteredClaimNames.Email) is { } email) identity.AddClaim(new Claim(ClaimTypes.Email, email));
        context.Principal = new ClaimsPrincipal(identity);
        return Task.CompletedTask;
    }
}
