using MassMessaging.Http;
using MassMessaging.Kernel;
using Npgsql;

namespace MassMessaging.Profiles;

/// <summary>Every field may be left out; it then stays as it is.</summary>
public sealed record ChangeProfile(
    string? DisplayName, string? BusinessName, string? Slug, string? Phone, string? Country, string? TimeZone, string? Language,
    Identification? Identification, AssistantVoice? Assistant);

public static class ChangeProfileEndpoint
{
    private const string Lock = $"select {ProfileRow.Columns}, version from profile where id = @id for update";

    private const string Update = """
        update profile set
            display_name = @displayName, business_name = @businessName, slug = @slug, phone = @phone, country = @country,
            time_zone = @timeZone, language = @language, identification_enabled = @identificationEnabled,
            identification_text = @identificationText, assistant_persona = @persona, assistant_tone = @tone,
            assistant_specialties = @specialties, assistant_banned_terms = @bannedTerms, version = version + 1, updated_at = @now
        where id = @id
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/", Put)
        .Documented("changeProfile", "Changes the fields that are given", "validation-failed", "phone-invalid", "slug-taken", "precondition-failed")
        .Takes<ChangeProfile>()
        .Produces<ProfileRow>();

    private static async Task<IResult> Put(Caller caller, Fields body, HttpContext context, IStore store, IEnumerable<IProfileSubscriber> subscribers, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        var (before, version) = (await session.Query(
            Lock, row => (ProfileRow.Read(row), row.GetInt64(row.FieldCount - 1)), ct, ("id", caller.ProfileId))).Single();
        if (Etag.IfMatch(context) is { } expected && expected != version) return Problems.PreconditionFailed();

        var after = ProfileRules.Apply(body, before) with { UpdatedAt = session.Now };
        if (body.AreWrong) return body.Problem();

        try
        {
            await session.Sql(Update, ct, Args(after));
            foreach (var subscriber in subscribers) await subscriber.Changed(before, after, session, ct);
            await session.Commit(ct);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("slug-taken", "Another profile has this slug.");
        }

        Etag.Set(context, version + 1);
        return TypedResults.Ok(after);
    }

    private static (string, object?)[] Args(ProfileRow row) =>
    [
        ("id", row.Id), ("displayName", row.DisplayName), ("businessName", row.BusinessName), ("slug", row.Slug), ("phone", row.Phone),
        ("country", row.Country), ("timeZone", row.TimeZone), ("language", row.Language),
        ("identificationEnabled", row.Identification.Enabled), ("identificationText", row.Identification.Text),
        ("persona", row.Assistant.Persona), ("tone", row.Assistant.Tone), ("specialties", row.Assistant.Specialties.ToArray()),
        ("bannedTerms", row.Assistant.BannedTerms.ToArray()), ("now", row.UpdatedAt),
    ];
}
