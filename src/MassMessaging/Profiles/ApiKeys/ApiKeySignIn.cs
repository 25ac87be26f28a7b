using System.Data.Common;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using MassMessaging.Http;
using MassMessaging.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MassMessaging.Profiles.ApiKeys;

/// <summary>
/// <c>Authorization: Bearer mmk_…</c>. Every request reads the key's row by its index and nothing is remembered: revoked is revoked.
/// </summary>
internal sealed class ApiKeySignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IStore store)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "api-key";

    private const string Find = """
        select profile_id, user_id, digest, scopes, last_used_at from api_key
        where id = @id and revoked_at is null and (expires_at is null or expires_at > @now)
        """;

    private const string Used = """
        update api_key set last_used_at = @now where profile_id = @profile and id = @id and (last_used_at is null or last_used_at <= @before)
        """;

    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(1); // or every request would write

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var text = Request.Headers.Authorization.ToString()["Bearer ".Length..].Trim();
        if (!ApiKeyText.TryRead(text, out var id, out var digest)) return Refused();

        var now = store.Clock.GetUtcNow();
        var found = (await store.Query(Find, Known.Read, Context.RequestAborted, ("id", id), ("now", now))).SingleOrDefault();
        if (found is null || !CryptographicOperations.FixedTimeEquals(found.Digest, digest)) return Refused();

        if (found.LastUsedAt is not { } last || now - last >= Coarse) await Remember(id, found.Profile);
        Claim[] claims =
        [
            new(ClaimTypes.NameIdentifier, found.User.ToString()), new(Caller.ProfileClaim, found.Profile.ToString()),
            new(ScopeCheck.KeyClaim, id.ToString()), .. found.Scopes.Select(scope => new Claim(ScopeCheck.ScopeClaim, scope)),
        ];
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName));
        return AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
    }

    private static AuthenticateResult Refused() => AuthenticateResult.Fail("There is no such key, or not any more.");

    private async Task Remember(Guid id, Guid profile)
    {
        await using var session = store.Open(new Origin($"key:{id}"));
        await session.Sql(
            Used, Context.RequestAborted, ("profile", profile), ("id", id), ("now", session.Now), ("before", session.Now - Coarse));
        await session.Commit(Context.RequestAborted);
    }

    private sealed record Known(Guid Profile, Guid User, byte[] Digest, string[] Scopes, DateTimeOffset? LastUsedAt)
    {
        public static Known Read(DbDataReader row) => new(
            row.GetGuid(0), row.GetGuid(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<string[]>(3),
            row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4));
    }
}
