using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using MassMessaging.Kernel;
using Microsoft.AspNetCore.DataProtection;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>A profile's number at Meta.</summary>
/// <param name="Secrets">Null when the keys that they were encrypted with are lost: then only new ones help.</param>
internal sealed record CloudAccount(Guid Profile, string PhoneNumberId, string WabaId, bool IsProven, bool IsDisconnected, CloudSecrets? Secrets)
{
    public string Instance => CloudInstance.Of(PhoneNumberId);
}

/// <summary>In clear, for Meta only.</summary>
internal sealed record CloudSecrets(string AccessToken, string AppSecret, string VerifyToken)
{
    /// <summary>Records print their members.</summary>
    public override string ToString() => nameof(CloudSecrets);
}

/// <summary>
/// Numbers at Meta with their secrets, encrypted at rest. What was just read is believed for two seconds: a send needs a token each time,
/// and anyone may call the webhooks.
/// </summary>
internal sealed class CloudAccounts(IStore store, IDataProtectionProvider protection)
{
    private const string Columns =
        "profile_id, phone_number_id, waba_id, proven_at is not null, disconnected_at is not null, access_token, app_secret, verify_token";

    private const string SelectNumbers = $"select {Columns} from whatsapp_cloud where phone_number_id = any (@numbers)";

    private const string SelectOwn = $"select {Columns} from whatsapp_cloud where profile_id = @profile and phone_number_id = @number";

    private const string SelectWabas = $"select {Columns} from whatsapp_cloud where waba_id = any (@wabas) order by proven_at, phone_number_id limit 50";

    private const string AnyToken = "select exists (select 1 from whatsapp_cloud where verify_digest = @digest)";

    private const int MostRemembered = 10_000;

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    private readonly IDataProtector protector = protection.CreateProtector("MassMessaging.WhatsApp.Cloud");
    private readonly ConcurrentDictionary<string, (CloudAccount? Account, long ReadAt)> known = new(StringComparer.Ordinal);

    public async Task<CloudAccount?> Of(string phoneNumberId, CancellationToken ct) =>
        (await OfNumbers([phoneNumberId], ct)).SingleOrDefault();

    /// <summary>Those of the numbers that there are.</summary>
    public async Task<IReadOnlyList<CloudAccount>> OfNumbers(IReadOnlyCollection<string> phoneNumberIds, CancellationToken ct)
    {
        var stale = phoneNumberIds.Where(id => !known.TryGetValue(id, out var last) || !IsFresh(last.ReadAt)).ToArray();
        if (stale.Length > 0)
        {
            var readAt = store.Clock.GetTimestamp();
            var found = (await store.Query(SelectNumbers, Read, ct, ("numbers", stale))).ToDictionary(account => account.PhoneNumberId);
            if (known.Count + stale.Length > MostRemembered) known.Clear(); // Ids are whatever callers make up.
            foreach (var id in stale) known[id] = (found.GetValueOrDefault(id), readAt);
            return [.. phoneNumberIds.Except(stale).Select(Known).Concat(found.Values).OfType<CloudAccount>()];
        }

        return [.. phoneNumberIds.Select(Known).OfType<CloudAccount>()];
    }

    /// <summary>Numbers of these business accounts; first those that Meta took a token for, since anybody may name an account.</summary>
    public Task<List<CloudAccount>> OfWabas(IReadOnlyCollection<string> wabaIds, CancellationToken ct) =>
        store.Query(SelectWabas, Read, ct, ("wabas", wabaIds.ToArray()));

    /// <summary>As stored, whatever is remembered.</summary>
    public async Task<CloudAccount?> Own(ISession session, Guid profile, string phoneNumberId, CancellationToken ct) =>
        (await session.Query(SelectOwn, Read, ct, ("profile", profile), ("number", phoneNumberId))).SingleOrDefault();

    /// <summary>Whether any profile gave this token for the handshake.</summary>
    public async Task<bool> IsVerifyToken(string token, CancellationToken ct) =>
        (await store.Query(AnyToken, row => row.GetBoolean(0), ct, ("digest", Digest(token))))[0];

    /// <summary>The next look is at what is stored.</summary>
    public void Forget(string phoneNumberId) => known.TryRemove(phoneNumberId, out _);

    public string Protect(string secret) => protector.Protect(secret);

    public static byte[] Digest(string verifyToken) => SHA256.HashData(Encoding.UTF8.GetBytes(verifyToken));

    private CloudAccount? Known(string phoneNumberId) => known.TryGetValue(phoneNumberId, out var last) ? last.Account : null;

    private bool IsFresh(long timestamp) => store.Clock.GetElapsedTime(timestamp) < Memory;

    private CloudAccount Read(DbDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4),
        Clear(row.GetString(5), row.GetString(6), row.GetString(7)));

    private CloudSecrets? Clear(string accessToken, string appSecret, string verifyToken)
    {
        try
        {
            return new(protector.Unprotect(accessToken), protector.Unprotect(appSecret), protector.Unprotect(verifyToken));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
