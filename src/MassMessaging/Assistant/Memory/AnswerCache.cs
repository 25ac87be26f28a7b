using System.Text.Json;
using MassMessaging.Assistant.Writing;
using MassMessaging.Clients;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Assistant.Memory;

/// <summary>
/// Answers by profile, prompt version, model and inputs, for a day. Whatever changes what the model is told changes the key.
/// </summary>
public sealed class AnswerCache(IStore store)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    private const string Select = """
        select answer from assistant_cache where profile_id = @profile and key = @key and expires_at > @now
        """;

    private const string Upsert = """
        insert into assistant_cache as known (profile_id, key, client_id, answer, created_at, expires_at)
        select @profile, @key, @client, @answer::jsonb, @now, @expires
        where @client::uuid is null or exists (select 1 from client where profile_id = @profile and id = @client)
        on conflict (profile_id, key) do update
        set answer = excluded.answer, created_at = excluded.created_at, expires_at = excluded.expires_at
        """;

    public async Task<Written?> Find(Commission commission, string model, CancellationToken ct)
    {
        var found = await store.Query(
            Select, row => row.GetString(0), ct, ("profile", commission.Profile.Id), ("key", commission.Inputs.Key(model)),
            ("now", store.Clock.GetUtcNow()));
        return found is [var answer] ? JsonSerializer.Deserialize<Written>(answer, JsonConventions.Options) : null;
    }

    /// <summary>Whole answers only: of one that is short of messages the rest may come the next time.</summary>
    public async Task Keep(Commission commission, string model, Written written, CancellationToken ct)
    {
        if (written.Drafts.Count < commission.Inputs.Count) return;

        await using var session = store.Open(Origin.System);
        if (commission.ClientId is not null) await ErasureLock.Share(session, commission.Profile.Id, ct);
        await session.Sql(
            Upsert, ct, ("profile", commission.Profile.Id), ("key", commission.Inputs.Key(model)), ("client", commission.ClientId),
            ("answer", JsonSerializer.Serialize(written, JsonConventions.Options)), ("now", session.Now),
            ("expires", session.Now + KeptFor));
        await session.Commit(ct);
    }
}
