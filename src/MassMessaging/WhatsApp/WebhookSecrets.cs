using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MassMessaging.Kernel;
using Microsoft.AspNetCore.DataProtection;

namespace MassMessaging.WhatsApp;

/// <summary>
/// What the gateway must show with each webhook: one secret per profile, made at the first connect and kept, since retries and renamed
/// instances still carry it. Encrypted at rest; read once per instance, and again when what is shown does not fit, but not more often than
/// every two seconds: anyone can call with a wrong secret, and each call would cost a query.
/// </summary>
internal sealed class WebhookSecrets(IStore store, IDataProtectionProvider protection)
{
    public const string Header = "X-Webhook-Secret";

    private const string Select =
        """
        select config.webhook_secret
        from whatsapp_instance instance
        join whatsapp_config config on config.profile_id = instance.profile_id
        where instance.instance = @instance and config.webhook_secret is not null
        """;

    /// <summary>Two at once: the second keeps the first one's secret, or the gateway would show one that we no longer know.</summary>
    private const string Keep =
        """
        update whatsapp_config set webhook_secret = @secret, updated_at = @now
        where profile_id = @profile and webhook_secret is not distinct from @stored::text
        """;

    private const string SelectOwn = "select webhook_secret from whatsapp_config where profile_id = @profile";

    private const int MostUnknown = 10_000;

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    private readonly IDataProtector protector = protection.CreateProtector("MassMessaging.WhatsApp.WebhookSecret");
    private readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> unknown = new(StringComparer.Ordinal);

    public enum Verdict
    {
        Right,
        Wrong,
        UnknownInstance,
    }

    /// <summary>Compared in constant time.</summary>
    public async Task<Verdict> Judge(string instance, string shown, CancellationToken ct)
    {
        var digest = Digest(shown);
        if (known.TryGetValue(instance, out var last))
        {
            if (CryptographicOperations.FixedTimeEquals(last.Digest, digest)) return Verdict.Right;
            if (IsFresh(last.ReadAt)) return Verdict.Wrong;
        }
        else if (unknown.TryGetValue(instance, out var askedAt) && IsFresh(askedAt))
        {
            return Verdict.UnknownInstance;
        }

        return await Read(instance, ct) is not { } expected ? Verdict.UnknownInstance
            : CryptographicOperations.FixedTimeEquals(expected, digest) ? Verdict.Right : Verdict.Wrong;
    }

    /// <summary>The next webhook of the instance is judged by what is stored: call it before the gateway learns of a secret.</summary>
    public void Forget(string instance)
    {
        known.TryRemove(instance, out _);
        unknown.TryRemove(instance, out _);
    }

    /// <summary>The profile's secret in clear, for the gateway only.</summary>
    public async Task<string> FindOrCreate(Guid profile, string? stored, Origin origin, CancellationToken ct)
    {
        if (stored is not null && Readable(stored) is { } secret) return secret;

        var fresh = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await using var session = store.Open(origin);
        await session.Sql(Keep, ct, ("profile", profile), ("secret", protector.Protect(fresh)), ("stored", stored), ("now", session.Now));
        var kept = await session.Query(SelectOwn, row => row.GetString(0), ct, ("profile", profile));
        await session.Commit(ct);
        return protector.Unprotect(kept[0]);
    }

    private async Task<byte[]?> Read(string instance, CancellationToken ct)
    {
        var readAt = store.Clock.GetTimestamp();
        var stored = await store.Query(Select, row => row.GetString(0), ct, ("instance", instance));
        if (stored is [var secret])
        {
            var digest = Digest(protector.Unprotect(secret));
            known[instance] = new(digest, readAt);
            return digest;
        }

        known.TryRemove(instance, out _);
        if (unknown.Count >= MostUnknown) unknown.Clear(); // Names are whatever callers make up.
        unknown[instance] = readAt;
        return null;
    }

    private bool IsFresh(long timestamp) => store.Clock.GetElapsedTime(timestamp) < Memory;

    /// <summary>Null when the keys that it was encrypted with are lost: then only a new one helps.</summary>
    private string? Readable(string stored)
    {
        try
        {
            return protector.Unprotect(stored);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private sealed record Known(byte[] Digest, long ReadAt);
}
