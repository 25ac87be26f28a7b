using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace MassMessaging.Clients.Consent;

/// <summary>
/// Numbers whose owners declined and were erased, as HMAC-SHA256 under a secret of the service: the number cannot be read back, and whoever
/// adds it again finds it opted out. The secret is never replaced: with another one every suppression would be forgotten.
/// </summary>
public sealed class SuppressedNumbers(IDataProtectionProvider protection)
{
    /// <summary>Source of the opt-out that a client is born with.</summary>
    public const string Source = "suppressed-number";

    private const string MakeSecret =
        "insert into suppression_key (secret, created_at) values (@secret, @now) on conflict (is_only) do nothing";

    private const string SelectSecret = "select secret from suppression_key";

    private const string SelectOptedOut = """
        select phone, opted_out_at from client where profile_id = @profile and id = any (@clients) and opted_out_at is not null
        """;

    private const string LockOther = "select id from client where profile_id = @profile and id = @id and phone <> @phone for update";

    private const string Insert = """
        insert into suppressed_number (profile_id, phone_hash, opted_out_at)
        select @profile, phone_hash, opted_out_at
        from unnest(@hashes::bytea[], @times::timestamptz[]) as erased (phone_hash, opted_out_at)
        order by phone_hash
        on conflict (profile_id, phone_hash) do nothing
        """;

    private const string Delete = "delete from suppressed_number where profile_id = @profile and phone_hash = any (@hashes)";

    private const string Exists = "select 1 from suppressed_number where profile_id = @profile and phone_hash = @hash";

    private const string OptOut = """
        with opted_out as (
            update client
            set opted_out_at = suppressed.opted_out_at, updated_at = @now
            from unnest(@ids::uuid[], @consents::uuid[], @hashes::bytea[]) as new (id, consent_id, phone_hash)
            join suppressed_number suppressed on suppressed.profile_id = @profile and suppressed.phone_hash = new.phone_hash
            where client.profile_id = @profile and client.id = new.id and client.opted_out_at is null
            returning new.consent_id, client.id, client.opted_out_at)
        insert into client_consent (profile_id, id, client_id, kind, source, at, recorded_at, recorded_by)
        select @profile, consent_id, id, 'opt_out', @source, opted_out_at, @now, @actor from opted_out
        """;

    private readonly IDataProtector protector = protection.CreateProtector("MassMessaging.Clients.SuppressedNumbers");
    private byte[]? known;

    /// <summary>Opts out those of the clients, just written, whose number is suppressed.</summary>
    /// <remarks>
    /// After they were inserted, in a statement of its own: an insert that waited for an erasure of the same number to commit did not see
    /// the suppression that came with it.
    /// </remarks>
    public async Task Apply(
        ISession session, Guid profile, IReadOnlyCollection<(Guid Id, string Phone)> clients, CancellationToken ct)
    {
        if (clients.Count == 0) return;

        var secret = await Secret(session, ct);
        await session.Sql(
            OptOut, ct, ("profile", profile), ("ids", clients.Select(client => client.Id).ToArray()),
            ("consents", clients.Select(_ => Guid.CreateVersion7(session.Now)).ToArray()),
            ("hashes", clients.Select(client => Hash(secret, profile, client.Phone)).ToArray()),
            ("source", Source), ("now", session.Now), ("actor", session.Origin.Actor));
    }

    /// <summary>Keeps the numbers of those of the clients who opted out; before they are erased, or get another number.</summary>
    public async Task Keep(ISession session, Guid profile, IReadOnlyCollection<Guid> clients, CancellationToken ct)
    {
        var declined = await session.Query(
            SelectOptedOut, row => (Phone: row.GetString(0), At: row.GetFieldValue<DateTimeOffset>(1)), ct,
            ("profile", profile), ("clients", clients.ToArray()));
        if (declined.Count == 0) return;

        var secret = await Secret(session, ct);
        await session.Sql(
            Insert, ct, ("profile", profile), ("hashes", declined.Select(client => Hash(secret, profile, client.Phone)).ToArray()),
            ("times", declined.Select(client => client.At).ToArray()));
    }

    /// <summary>A client gets another number: that the old one's owner declined stays known.</summary>
    public async Task Renumber(ISession session, Guid profile, Guid client, string phone, CancellationToken ct)
    {
        var other = await session.Query(
            LockOther, row => row.GetGuid(0), ct, ("profile", profile), ("id", client), ("phone", phone));
        if (other.Count > 0) await Keep(session, profile, other, ct);
    }

    /// <summary>The number's owner declined and was erased.</summary>
    public async Task<bool> Holds(ISession session, Guid profile, string phone, CancellationToken ct) =>
        (await session.Query(
            Exists, _ => true, ct, ("profile", profile), ("hash", Hash(await Secret(session, ct), profile, phone)))).Count > 0;

    /// <summary>Their owners agreed again.</summary>
    public async Task Lift(ISession session, Guid profile, IReadOnlyCollection<string> phones, CancellationToken ct)
    {
        if (phones.Count == 0) return;

        var secret = await Secret(session, ct);
        await session.Sql(
            Delete, ct, ("profile", profile), ("hashes", phones.Select(phone => Hash(secret, profile, phone)).ToArray()));
    }

    /// <summary>With the profile in it, two profiles' lists cannot be compared.</summary>
    private static byte[] Hash(byte[] secret, Guid profile, string phone) =>
        HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{profile:N}{phone}"));

    private async Task<byte[]> Secret(ISession session, CancellationToken ct)
    {
        if (known is not null) return known;
        if (await Stored(session, ct) is { } stored) return known = stored;

        var fresh = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await session.Sql(MakeSecret, ct, ("secret", protector.Protect(fresh)), ("now", session.Now));
        return (await Stored(session, ct))!; // Not remembered: the session may yet roll back.
    }

    private async Task<byte[]?> Stored(ISession session, CancellationToken ct) =>
        await session.Query(SelectSecret, row => row.GetString(0), ct) is [var secret]
            ? Convert.FromBase64String(protector.Unprotect(secret))
            : null;
}
