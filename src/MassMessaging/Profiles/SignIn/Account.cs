using Microsoft.AspNetCore.Identity;

namespace MassMessaging.Profiles.SignIn;

/// <summary>A local sign-in. Its user name is its e-mail address.</summary>
public sealed class Account : IdentityUser<Guid>
{
    public Account() => (Id, SecurityStamp, LockoutEnabled) = (Guid.CreateVersion7(), Guid.NewGuid().ToString(), true);

    public string? AuthenticatorKey { get; set; }

    /// <summary>Codes that were not used yet, joined by semicolons.</summary>
    public string? RecoveryCodes { get; set; }
}
