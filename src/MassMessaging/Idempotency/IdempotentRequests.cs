using System.Data.Common;
using MassMessaging.Clients;
using MassMessaging.Kernel;
using Microsoft.AspNetCore.DataProtection;

namespace MassMessaging.Idempotency;

/// <summary>What is known of a key that cannot be claimed. Without <paramref name="Answer"/> it still runs, or none is kept.</summary>
internal sealed record Earlier(bool IsSame, bool IsRunning, KeptAnswer? Answer);

/// <summary>The rows behind the keys. A claim is a lease: whoever dies before a commit lets it run again.</summary>
internal sealed class IdempotentRequests(IStore store, IDataProtectionProvider protection)
{
    /// <summary>How long an answer is given again.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>Longer than any request: 75 s is the slowest call of a gateway.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    private const int Tries = 3;

    private const string Erasures = "coalesce((select erasures from idempotent_erasure where profile_id = @profile), 0)";

    private const string TakeClaim = $"""
        insert into idempotent_request as known (profile_id, key, request, attempt, claimed_at, claimed_until, erasures)
        values (@profile, @key, @request, @attempt, @now, @until, {Erasures})
        on conflict (profile_id, key) do update
        set request = excluded.request, attempt = excluded.attempt, claimed_at = excluded.claimed_at, claimed_until = excluded.claimed_until,
            erasures = excluded.erasures, is_done = false, answer = null, mentions = null
        where known.claimed_at <= @old
           or (not known.is_done and known.claimed_until <= @now and known.request = excluded.request)
        """;

    // Committed is not answered: until its answer is kept, or its claim is over, it runs.
    private const string Read = """
        select request = @request, not is_done or claimed_until > @now, answer from idempotent_request
        where profile_id = @profile and key = @key
        """;

    private const string WriteAnswer = $"""
        update idempotent_request
        set is_done = true, claimed_until = @now, answer = case when erasures = {Erasures} then @answer end, mentions = @mentions
        where profile_id = @profile and key = @key and attempt = @attempt
        """;

    private const string GiveBack = """
        delete from idempotent_request where profile_id = @profile and key = @key and attempt = @attempt and not is_done
        """;

    /// <summary>Null: the claim is ours.</summary>
    public async Task<Earlier?> Claim(RunningRequest request, CancellationToken ct)
    {
        for (var tried = 1; ; tried++)
        {
            await using var session = store.Open(Origin.System);
            var claimed = await session.Sql(
                TakeClaim, ct,
                [.. Names(request), ("now", session.Now), ("until", session.Now + Lease), ("old", session.Now - KeptFor)]);
            await session.Commit(ct);
            if (claimed > 0) return null;

            (string, object?)[] names = [.. Names(request), ("now", session.Now)];
            if ((await store.Query(Read, row => Known(row, request), ct, names)).SingleOrDefault() is { } earlier) return earlier;
            if (tried == Tries) return new Earlier(IsSame: true, IsRunning: true, Answer: null); // given back again and again: it runs
        }
    }

    /// <summary>Behind the lock of erasures: an answer from before one is not kept after it.</summary>
    public async Task Keep(RunningRequest request, KeptAnswer? answer, Guid[]? mentions, CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        await ErasureLock.Share(session, request.Caller.ProfileId, ct);
        await session.Sql(
            WriteAnswer, ct,
            [.. Names(request), ("now", session.Now), ("answer", answer?.Protect(protection, request)), ("mentions", mentions)]);
        await session.Commit(ct);
    }

    public async Task Release(RunningRequest request, CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        await session.Sql(GiveBack, ct, Names(request));
        await session.Commit(ct);
    }

    private Earlier Known(DbDataReader row, RunningRequest request) => new(
        row.GetBoolean(0), row.GetBoolean(1), row.IsDBNull(2) ? null : KeptAnswer.Unprotect(row.GetFieldValue<byte[]>(2), protection, request));

    private static (string, object?)[] Names(RunningRequest request) =>
    [
        ("profile", request.Caller.ProfileId), ("key", request.Key), ("request", request.Request), ("attempt", request.Attempt),
    ];
}
