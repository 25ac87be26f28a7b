using System.Text.Json;
using MassMessaging.Clients;
using MassMessaging.Http;
using MassMessaging.Kernel;
using Microsoft.AspNetCore.Mvc;

namespace MassMessaging.Surveys;

/// <param name="VisitorPhone">Any spelling, at most 40 characters.</param>
/// <param name="Answers">An object of at most 16 KiB and 8 levels.</param>
public sealed record SubmittedSurvey(string VisitorName, string? VisitorPhone, string? VisitorEmail, JsonElement Answers);

/// <summary>All that an anonymous visitor is told.</summary>
public sealed record SurveyReceived(Guid Id, DateTimeOffset CreatedAt);

/// <summary>
/// <c>POST /api/public/{slug}/health-survey</c>: anybody may call it, so it is limited per address and bounded in every field.
/// </summary>
public static class SubmitSurvey
{
    private const int MostBytes = 64 * 1024;

    // A field that the form hides from people: only programs fill it, and they are told what they want to hear.
    private const string Trap = "website";

    private const string FindProfile = "select id, country from profile where slug = @slug";

    private const string Insert = """
        insert into health_survey (profile_id, id, visitor_name, visitor_phone, phone, visitor_email, answers, created_at)
        values (@profile, @id, @name, @visitorPhone, @phone, @email, @answers::jsonb, @now)
        """;

    private static readonly Origin visitor = new("visitor");

    private sealed record Profile(Guid Id, string Country);

    private sealed record Visit(string Name, string? Phone, string? Email, string Answers);

    public static void Map(IEndpointRouteBuilder pages) => pages.MapPost("/{slug}/health-survey", Post)
        .AllowAnonymous()
        .WithMetadata(new KeysOfVisitors(Visitor))
        .RequireRateLimiting(RateLimits.Survey)
        .WithMetadata(new RequestSizeLimitAttribute(MostBytes))
        .Documented("submitSurvey", "A visitor's answers, for the advisor whose page it is.", "not-found", "validation-failed", "email-invalid")
        .Takes<SubmittedSurvey>()
        .Produces<SurveyReceived>(StatusCodes.Status201Created);

    private static async Task<IResult> Post(string slug, Fields body, IStore store, CancellationToken ct)
    {
        var visit = Read(body);
        if (visit is null) return body.Problem();
        if (await Find(store, slug, ct) is not { } profile) return Problems.NotFound();

        using var own = RowScope.Of(profile.Id);
        await using var session = store.Open(visitor);
        var received = new SurveyReceived(Guid.CreateVersion7(session.Now), session.Now);
        if (!IsTrapped(body))
        {
            var isNumber = PhoneNumber.TryParse(visit.Phone ?? "", profile.Country, out var phone);
            await session.Sql(
                Insert, ct, ("profile", profile.Id), ("id", received.Id), ("name", visit.Name), ("visitorPhone", visit.Phone),
                ("phone", isNumber ? phone : null), ("email", visit.Email), ("answers", visit.Answers), ("now", session.Now));
            await session.Commit(ct);
        }

        return TypedResults.Created((string?)null, received);
    }

    private static async Task<Profile?> Find(IStore store, string slug, CancellationToken ct)
    {
        using var all = RowScope.OfService(); // whose page it is
        var found = await store.Query(
            FindProfile, row => new Profile(row.GetGuid(0), row.GetString(1)), ct, ("slug", slug.ToLowerInvariant()));
        return found.SingleOrDefault();
    }

    private static async Task<Caller?> Visitor(HttpContext context) =>
        context.GetRouteValue("slug") is string slug
        && await Find(context.RequestServices.GetRequiredService<IStore>(), slug, context.RequestAborted) is { } profile
            ? new Caller(profile.Id, Guid.Empty, visitor)
            : null;

    private static Visit? Read(Fields body)
    {
        var name = SearchText.OneLine(body.Text("visitorName", Client.LongestName, required: true) ?? "");
        if (name.Length == 0) body.Wrong("visitorName", "is required");
        var phone = Line(body, "visitorPhone", SurveyRow.LongestPhone);
        var email = Line(body, "visitorEmail", Client.LongestEmail);
        if (email is not null && !ClientFields.IsEmail(email)) body.Wrong("visitorEmail", "must be an e-mail address", "email-invalid");
        var answers = SurveyAnswers.Read(body);
        return body.AreWrong ? null : new Visit(name, phone, email, answers!);
    }

    /// <summary>Blank is none.</summary>
    private static string? Line(Fields body, string field, int longest) =>
        SearchText.OneLine(body.Text(field, longest) ?? "") is { Length: > 0 } line ? line : null;

    private static bool IsTrapped(Fields body) =>
        body.Json(Trap) is { } value && !(value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString()));
}
