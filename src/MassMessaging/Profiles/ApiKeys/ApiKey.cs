using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using MassMessaging.Http;

namespace MassMessaging.Profiles.ApiKeys;

/// <summary>A key as it is shown in lists: never its secret.</summary>
/// <param name="Prefix">How the key begins: enough to find it where it is used, of no use by itself.</param>
/// <param name="ExpiresAt">Null: never by itself.</param>
/// <param name="LastUsedAt">To the minute; null: never.</param>
public sealed record ApiKeyRow(
    Guid Id, string Name, string Prefix, IReadOnlyList<Scope> Scopes, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset CreatedAt)
{
    internal const string Columns = "id, name, scopes, expires_at, last_used_at, created_at";

    internal static ApiKeyRow Read(DbDataReader row) => new(
        row.GetGuid(0), row.GetString(1), ApiKeyText.PrefixOf(row.GetGuid(0)), ApiKeyText.Scopes(row.GetFieldValue<string[]>(2)),
        Time(row, 3), Time(row, 4), row.GetFieldValue<DateTimeOffset>(5));

    private static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

/// <summary>
/// <c>mmk_&lt;id&gt;_&lt;secret&gt;</c>: a prefix that scanners for leaked secrets can look for, the id that finds the row, and 256 random bits.
/// </summary>
internal static class ApiKeyText
{
    public const string Start = "mmk_";

    private const int IdLength = 32;
    private const int SecretBytes = 32;

    public static (string Text, byte[] Digest) Make(Guid id)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return ($"{PrefixOf(id)}_{secret}", DigestOf(secret));
    }

    public static string PrefixOf(Guid id) => $"{Start}{id:N}";

    /// <summary>False for what was never made here; then the database is not asked.</summary>
    public static bool TryRead(string text, out Guid id, out byte[] digest)
    {
        (id, digest) = (Guid.Empty, []);
        if (text.Split('_') is not ["mmk", { Length: IdLength } hex, ..] || !Guid.TryParseExact(hex, "N", out id)) return false;

        var secret = text.AsSpan(Start.Length + IdLength);
        if (secret is not ['_', ..] || secret.Length != 1 + Base64Url.GetEncodedLength(SecretBytes)) return false;

        digest = DigestOf(secret[1..].ToString());
        return true;
    }

    public static IReadOnlyList<Scope> Scopes(IEnumerable<string> words) =>
        [.. Enum.GetValues<Scope>().Where(scope => words.Contains(ScopeCheck.Word(scope)))];

    private static byte[] DigestOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
