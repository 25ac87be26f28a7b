using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Profiles.ApiKeys;

/// <param name="Scopes">At least one. Each is over the own profile; what concerns others asks for an operator's account besides.</param>
/// <param name="ExpiresAt">Null: it never ends by itself.</param>
public sealed record CreateApiKey(string Name, IReadOnlyList<Scope> Scopes, DateTimeOffset? ExpiresAt);

/// <param name="Key">Shown this once.</param>
public sealed record CreatedApiKey(
    Guid Id, string Name, string Prefix, IReadOnlyList<Scope> Scopes, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt,
    DateTimeOffset CreatedAt, string Key);

/// <summary><c>POST /api/api-keys</c>.</summary>
public static class CreateApiKeyEndpoint
{
    public const int MostKeys = 50;

    private const int LongestName = 100;

    /// <summary>One after the other: the next one counts what the one before it made.</summary>
    private const string Lock = "select id from profile where id = @profile for no key update";

    private const string Insert = """
        insert into api_key (profile_id, id, user_id, name, digest, scopes, expires_at, created_at)
        select @profile, @id, @user, @name, @digest, @scopes, @expiresAt, @now
        where (select count(*) from api_key where profile_id = @profile and revoked_at is null) < @most
        """;

    public static void Map(IEndpointRouteBuilder keys) => keys.MapPost("/", Post)
        .Documented("createApiKey", "Makes a key; the answer is the only time that it is shown.", "validation-failed", "api-keys-too-many")
        .Takes<CreateApiKey>().Produces<CreatedApiKey>(StatusCodes.Status201Created);

    private static async Task<IResult> Post(Caller caller, Fields body, IStore store, CancellationToken ct)
    {
        var asked = Read(body, store.Clock.GetUtcNow());
        if (body.AreWrong || asked is null) return body.Problem();

        await using var session = store.Open(caller.Origin);
        var id = Guid.CreateVersion7(session.Now);
        var (text, digest) = ApiKeyText.Make(id);
        await session.Sql(Lock, ct, ("profile", caller.ProfileId));
        var made = await session.Sql(
            Insert, ct, ("profile", caller.ProfileId), ("id", id), ("user", caller.UserId), ("name", asked.Name), ("digest", digest),
            ("scopes", asked.Scopes.Select(ScopeCheck.Word).ToArray()), ("expiresAt", asked.ExpiresAt), ("now", session.Now), ("most", MostKeys));
        await session.Commit(ct);
        if (made == 0) return Problems.Conflict("api-keys-too-many", $"There are {MostKeys} keys already: revoke one first.");

        return TypedResults.Created(
            $"/api/api-keys/{id}",
            new CreatedApiKey(id, asked.Name, ApiKeyText.PrefixOf(id), asked.Scopes, asked.ExpiresAt, LastUsedAt: null, session.Now, text));
    }

    private static CreateApiKey? Read(Fields body, DateTimeOffset now)
    {
        var name = body.Text("name", LongestName, required: true)?.Trim();
        var words = body.Texts("scopes", 20, 20);
        if (words is null or [] && !body.AreWrong) body.Wrong("scopes", "is required");
        var scopes = ApiKeyText.Scopes(words ?? []);
        if (words?.Any(word => !scopes.Select(ScopeCheck.Word).Contains(word)) == true)
            body.Wrong("scopes", $"must be some of {string.Join(", ", Enum.GetValues<Scope>().Select(ScopeCheck.Word))}");
        var expiresAt = body.Time("expiresAt");
        if (expiresAt <= now) body.Wrong("expiresAt", "must be in the future");
        return name is null ? null : new CreateApiKey(name, scopes, expiresAt);
    }
}
