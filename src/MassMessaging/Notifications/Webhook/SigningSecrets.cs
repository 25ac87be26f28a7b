using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace MassMessaging.Notifications.Webhook;

/// <summary>
/// Encrypts what a profile's notifications are signed with: at rest it is of no use to who reads the table, or to another profile.
/// </summary>
public sealed class SigningSecrets(IDataProtectionProvider protection)
{
    public string Protect(Guid profile, string secret) => Of(profile).Protect(secret);

    /// <summary>Null when the keys that it was encrypted with are lost: then only a new one helps.</summary>
    public string? Readable(Guid profile, string stored)
    {
        try
        {
            return Of(profile).Unprotect(stored);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Of(Guid profile) =>
        protection.CreateProtector("MassMessaging.Notifications.SigningSecret", profile.ToString());
}
