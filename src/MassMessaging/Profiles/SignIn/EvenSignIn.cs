using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MassMessaging.Profiles.SignIn;

/// <summary>An address without an account takes as long to refuse as a wrong password: the time tells nothing of who is registered.</summary>
public sealed class EvenSignIn(
    UserManager<Account> users, IHttpContextAccessor http, IUserClaimsPrincipalFactory<Account> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<Account>> logger, IAuthenticationSchemeProvider schemes, IUserConfirmation<Account> confirmation)
    : SignInManager<Account>(users, http, claims, options, logger, schemes, confirmation)
{
    private static readonly Account Nobody = new();
    private static readonly Lazy<string> HashOfNobody = new(() => new PasswordHasher<Account>().HashPassword(Nobody, Guid.NewGuid().ToString()));

    public override async Task<SignInResult> PasswordSignInAsync(string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        if (await UserManager.FindByNameAsync(userName) is { } user)
            return await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);

        _ = UserManager.PasswordHasher.VerifyHashedPassword(Nobody, HashOfNobody.Value, password);
        return SignInResult.Failed;
    }
}
