using System.Collections.Concurrent;
using MassMessaging.Kernel;

namespace MassMessaging.Profiles;

/// <summary>From user to profile. The pair never changes, so it is remembered; the first request of a user makes the profile.</summary>
public sealed class ProfileIds(IStore store)
{
    private const int MostRemembered = 100_000;

    private const string Find = "select id from profile where user_id = @user";

    // Two first requests at once: one inserts, the other reads what that one made.
    private const string Insert = """
        insert into profile (
            id, user_id, display_name, slug, country, time_zone, language, identification_enabled, identification_text,
            assistant_specialties, assistant_banned_terms, version, created_at, updated_at)
        values (@id, @user, @name, @slug, @country, @timeZone, @language, true, @identification, '{}', '{}', 1, @now, @now)
        on conflict (user_id) do nothing
        """;

    private readonly ConcurrentDictionary<Guid, Guid> known = new();

    public async Task<Guid> Of(Guid user, string? email, CancellationToken ct)
    {
        if (known.TryGetValue(user, out var profile)) return profile;

        if (await Found(user, ct) is not { } found)
        {
            await Create(user, email, ct);
            found = (await Found(user, ct))!.Value;
        }

        if (known.Count >= MostRemembered) known.Clear();
        return known[user] = found;
    }

    private async Task<Guid?> Found(Guid user, CancellationToken ct) =>
        (await store.Query(Find, row => (Guid?)row.GetGuid(0), ct, ("user", user))).SingleOrDefault();

    private async Task Create(Guid user, string? email, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        await using var session = store.Open(new Origin($"user:{user}"));
        await session.Sql(
            Insert, ct,
            ("id", id), ("user", user), ("name", NewProfile.NameFrom(email)), ("slug", NewProfile.SlugOf(id)),
            ("country", NewProfile.Country), ("timeZone", NewProfile.TimeZone), ("language", NewProfile.Language),
            ("identification", NewProfile.Identification), ("now", session.Now));
        await session.Commit(ct);
    }
}
