using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MassMessaging.Profiles.SignIn;

/// <summary>
/// An address without an account is refused like a wrong password: it takes as long, and is locked after as many failures. Neither the
/// answer nor the time tells who is registered.
/// </summary>
public sealed class EvenSignIn(
    UserManager<Account> users, IHttpContextAccessor http, IUserClaimsPrincipalFactory<Account> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<Account>> logger, IAuthenticationSchemeProvider schemes, IUserConfirmation<Account> confirmation,
    UnknownAddresses unknown)
    : SignInManager<Account>(users, http, claims, options, logger, schemes, confirmation)
{
    private static readonly Account Nobody = new();
    private static string? hashOfNobody;

    public override async Task<SignInResult> PasswordSignInAsync(string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        if (await UserManager.FindByNameAsync(userName) is { } user)
            return await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);

        var (isLocked, byThis) = await unknown.Failed(UserManager.NormalizeName(userName) ?? "", Options.Lockout, Context.RequestAborted);
        if (isLocked && !byThis) return SignInResult.LockedOut; // of an account that is locked no password is looked at either

        hashOfNobody ??= UserManager.PasswordHasher.HashPassword(Nobody, Guid.NewGuid().ToString());
        _ = UserManager.PasswordHasher.VerifyHashedPassword(Nobody, hashOfNobody, password);
        return isLocked ? SignInResult.LockedOut : SignInResult.Failed;
    }
}
