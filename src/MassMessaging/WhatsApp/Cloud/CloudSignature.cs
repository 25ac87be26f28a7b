using System.Security.Cryptography;
using System.Text;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary><c>X-Hub-Signature-256: sha256=…</c>, the HMAC of the raw body under the app's secret.</summary>
internal sealed record CloudSignature
{
    public const string Header = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";

    /// <summary>Bodies of one delivery come from one app; more secrets than this are not tried on one body.</summary>
    private const int MostSecrets = 4;

    private readonly byte[] shown;

    private CloudSignature(byte[] shown) => this.shown = shown;

    /// <summary>Null when it is none.</summary>
    public static CloudSignature? Read(string header)
    {
        if (header.Length != Prefix.Length + (2 * SHA256.HashSizeInBytes) || !header.StartsWith(Prefix, StringComparison.Ordinal)) return null;

        var bytes = new byte[SHA256.HashSizeInBytes];
        return Convert.FromHexString(header.AsSpan(Prefix.Length), bytes, out _, out _) == System.Buffers.OperationStatus.Done ? new(bytes) : null;
    }

    /// <summary>Those of the accounts whose app signed the body. Compared in constant time.</summary>
    public IReadOnlyList<CloudAccount> Signers(IReadOnlyCollection<CloudAccount> accounts, byte[] body) =>
    [
        .. accounts.Where(account => account.Secrets is not null)
            .GroupBy(account => account.Secrets!.AppSecret, StringComparer.Ordinal).Take(MostSecrets)
            .Where(app => CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(Encoding.UTF8.GetBytes(app.Key), body), shown))
            .SelectMany(app => app),
    ];
}
