using System.Security.Cryptography;
using System.Text;
using MassMessaging.Kernel;
using Microsoft.AspNetCore.Identity;

namespace MassMessaging.Profiles.SignIn;

/// <summary>Counts failures of addresses without an account as Identity counts those of accounts, over all nodes; forgotten after a day.</summary>
public sealed class UnknownAddresses(IStore store)
{
    private const string Fail = """
        with past as (
            delete from sign_in_failure where digest in (
                select digest from sign_in_failure where touched_at < @past and digest <> @digest limit 100 for update skip locked))
        insert into sign_in_failure as known (digest, failures, touched_at) values (@digest, 1, @now)
        on conflict (digest) do update set
            failures = case when known.locked_until > @now then known.failures when known.failures + 1 >= @most then 0 else known.failures + 1 end,
            locked_until = case when known.locked_until > @now then known.locked_until when known.failures + 1 >= @most then @until end,
            touched_at = @now
        returning coalesce(locked_until > @now, false), coalesce(locked_until = @until, false)
        """;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Whether the address is locked now, and whether by this failure.</summary>
    public async Task<(bool IsLocked, bool ByThis)> Failed(string normalized, LockoutOptions rule, CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        var locked = await session.Query(
            Fail, row => (row.GetBoolean(0), row.GetBoolean(1)), ct,
            ("digest", SHA256.HashData(Encoding.UTF8.GetBytes(normalized))), ("most", rule.MaxFailedAccessAttempts), ("now", session.Now),
            ("until", session.Now + rule.DefaultLockoutTimeSpan), ("past", session.Now - Kept));
        await session.Commit(ct);
        return locked[0];
    }
}
