using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Templates;

/// <summary><c>PUT /api/campaign-templates/{id}</c>: partial. A missing field stays; null empties objective and metaTemplate.</summary>
public static class UpdateTemplate
{
    private const string Update =
        $"""
        update campaign_template
        set name = coalesce(@name, name),
            content = coalesce(@content, content),
            objective = case when @sets_objective then @objective else objective end,
            meta_template = case when @sets_meta then @meta::jsonb else meta_template end,
            updated_at = @now
        where profile_id = @profile and id = @id
        returning {TemplateRow.Columns}
        """;

    public static void Map(IEndpointRouteBuilder templates) => templates.MapPut("/{id:guid}", Put)
        .Documented("updateTemplate", "Changes the fields given.", "validation-failed", "template-variable-unknown")
        .Takes<TemplateBody>().Produces<TemplateRow>();

    private static async Task<IResult> Put(
        Caller caller, Guid id, Fields body, IStore store, IProposedTexts proposed, CancellationToken ct)
    {
        var template = TemplateBody.Read(body, isPartial: true);
        if (body.AreWrong) return body.Problem();

        await using var session = store.Open(caller.Origin);
        var rows = await session.Query(
            Update, TemplateRow.Read, ct,
            ("profile", caller.ProfileId), ("id", id), ("name", template.Name), ("content", template.Content),
            ("sets_objective", body.Has("objective")), ("objective", template.Objective),
            ("sets_meta", body.Has("metaTemplate")), ("meta", template.MetaTemplate?.ToJson()), ("now", session.Now));
        if (rows.Count > 0 && template.Content is { } text) await proposed.Edited(session, caller.ProfileId, id, text, ct);
        await session.Commit(ct);
        return rows is [var row] ? TypedResults.Ok(row) : Problems.NotFound();
    }
}
