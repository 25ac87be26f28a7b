using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Templates;

/// <summary><c>POST /api/campaign-templates</c>.</summary>
public static class CreateTemplate
{
    private const string Insert =
        $"""
        insert into campaign_template (profile_id, id, name, content, objective, meta_template, created_at, updated_at)
        values (@profile, @id, @name, @content, @objective, @meta::jsonb, @now, @now)
        returning {TemplateRow.Columns}
        """;

    public static void Map(IEndpointRouteBuilder templates) => templates.MapPost("/", Post)
        .Documented("createTemplate", "Keeps a message for reuse.", "validation-failed", "template-variable-unknown")
        .Takes<TemplateBody>().Produces<TemplateRow>(StatusCodes.Status201Created);

    /// <summary>For whoever keeps a message as a template in a session of their own.</summary>
    public static async Task<TemplateRow> Keep(ISession session, Guid profile, TemplateBody template, CancellationToken ct)
    {
        var rows = await session.Query(
            Insert, TemplateRow.Read, ct,
            ("profile", profile), ("id", Guid.CreateVersion7(session.Now)), ("name", template.Name), ("content", template.Content),
            ("objective", template.Objective), ("meta", template.MetaTemplate?.ToJson()), ("now", session.Now));
        return rows[0];
    }

    private static async Task<IResult> Post(Caller caller, Fields body, IStore store, IProposedTexts proposed, CancellationToken ct)
    {
        var template = TemplateBody.Read(body, isPartial: false);
        var proposal = await ProposedText.Read(body, proposed, caller.ProfileId, ct);
        if (body.AreWrong) return body.Problem();

        await using var session = store.Open(caller.Origin);
        var row = await Keep(session, caller.ProfileId, template, ct);
        if (proposal is { } id) await proposed.Chosen(session, caller.ProfileId, id, "template", row.Id, row.Content, ct);
        await session.Commit(ct);
        return TypedResults.Created($"/api/campaign-templates/{row.Id}", row);
    }
}
