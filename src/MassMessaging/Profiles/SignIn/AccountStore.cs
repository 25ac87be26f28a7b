using System.Data.Common;
using MassMessaging.Kernel;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace MassMessaging.Profiles.SignIn;

/// <summary>ASP.NET Core Identity's accounts in PostgreSQL: the row. What Identity asks about one is in the other part.</summary>
public sealed partial class AccountStore(IStore store, IDataProtectionProvider protection, IdentityErrorDescriber errors, Vouching vouching)
{
    private const string Columns = """
        id, email, normalized_email, email_confirmed, password_hash, security_stamp, concurrency_stamp,
        lockout_enabled, lockout_end, access_failed_count, two_factor_enabled, authenticator_key, recovery_codes
        """;

    private const string ById = $"select {Columns} from account where id = @id";

    private const string ByEmail = $"select {Columns} from account where normalized_email = @email";

    private const string Insert = $"""
        insert into account ({Columns}, created_at)
        values (@id, @email, @normalizedEmail, @emailConfirmed, @passwordHash, @securityStamp, @newStamp,
                @lockoutEnabled, @lockoutEnd, @accessFailedCount, @twoFactorEnabled, @authenticatorKey, @recoveryCodes, @now)
        """;

    private const string Update = """
        update account set
            email = @email, normalized_email = @normalizedEmail, email_confirmed = @emailConfirmed, password_hash = @passwordHash,
            security_stamp = @securityStamp, concurrency_stamp = @newStamp, lockout_enabled = @lockoutEnabled, lockout_end = @lockoutEnd,
            access_failed_count = @accessFailedCount, two_factor_enabled = @twoFactorEnabled,
            authenticator_key = @authenticatorKey, recovery_codes = @recoveryCodes
        where id = @id and concurrency_stamp = @stamp
        """;

    private const string Delete = "delete from account where id = @id and concurrency_stamp = @stamp";

    private readonly IDataProtector secrets = protection.CreateProtector("account-secrets");

    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken)
    {
        user.EmailConfirmed |= vouching.Asked();
        return Write(Insert, user, cancellationToken);
    }

    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => Write(Update, user, cancellationToken);

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => Write(Delete, user, cancellationToken);

    public async Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) ? (await store.Query(ById, Read, cancellationToken, ("id", id))).SingleOrDefault() : null;

    public async Task<Account?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        (await store.Query(ByEmail, Read, cancellationToken, ("email", normalizedEmail))).SingleOrDefault();

    private async Task<IdentityResult> Write(string statement, Account user, CancellationToken ct)
    {
        var newStamp = Guid.NewGuid().ToString();
        await using var session = store.Open(new Origin($"user:{user.Id}"));
        try
        {
            if (await session.Sql(statement, ct, Args(user, newStamp, session.Now)) == 0)
                return IdentityResult.Failed(errors.ConcurrencyFailure());

            await session.Commit(ct);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return IdentityResult.Failed(errors.DuplicateEmail(user.Email ?? "")); // two registered at the same instant
        }

        user.ConcurrencyStamp = newStamp;
        return IdentityResult.Success;
    }

    private (string, object?)[] Args(Account user, string newStamp, DateTimeOffset now) =>
    [
        ("id", user.Id), ("email", user.Email), ("normalizedEmail", user.NormalizedEmail), ("emailConfirmed", user.EmailConfirmed),
        ("passwordHash", user.PasswordHash), ("securityStamp", user.SecurityStamp),
        ("stamp", user.ConcurrencyStamp), ("newStamp", newStamp),
        ("lockoutEnabled", user.LockoutEnabled), ("lockoutEnd", user.LockoutEnd?.ToUniversalTime()),
        ("accessFailedCount", user.AccessFailedCount), ("twoFactorEnabled", user.TwoFactorEnabled),
        ("authenticatorKey", Protect(user.AuthenticatorKey)), ("recoveryCodes", Protect(user.RecoveryCodes)), ("now", now),
    ];

    private Account Read(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
        UserName = row.GetString(1),
        NormalizedUserName = row.GetString(2),
        Email = row.GetString(1),
        NormalizedEmail = row.GetString(2),
        EmailConfirmed = row.GetBoolean(3),
        PasswordHash = row.IsDBNull(4) ? null : row.GetString(4),
        SecurityStamp = row.GetString(5),
        ConcurrencyStamp = row.GetString(6),
        LockoutEnabled = row.GetBoolean(7),
        LockoutEnd = row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
        AccessFailedCount = row.GetInt32(9),
        TwoFactorEnabled = row.GetBoolean(10),
        AuthenticatorKey = row.IsDBNull(11) ? null : secrets.Unprotect(row.GetString(11)),
        RecoveryCodes = row.IsDBNull(12) ? null : secrets.Unprotect(row.GetString(12)),
    };

    private string? Protect(string? secret) => secret is null ? null : secrets.Protect(secret);
}
