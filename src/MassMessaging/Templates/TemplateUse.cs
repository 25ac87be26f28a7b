using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Templates;

/// <summary>What a campaign takes over from a template.</summary>
public sealed record TemplateForCampaign(Guid Id, string Name, string Content, string? Objective, MetaTemplate? MetaTemplate);

/// <summary><c>POST /api/campaign-templates/{id}/use</c>, and the same for whoever makes something of a template in one session.</summary>
public static class TemplateUse
{
    private const string CountUse =
        $"""
        update campaign_template
        set usage_count = usage_count + 1, last_used_at = @now
        where profile_id = @profile and id = @id
        returning {TemplateRow.Columns}
        """;

    public static void Map(IEndpointRouteBuilder templates) => templates.MapPost("/{id:guid}/use", Post)
        .Documented("useTemplate", "Counts a use and answers the template.").Produces<TemplateRow>();

    /// <summary>Reads the template and counts the use in the caller's session; null when there is none.</summary>
    public static async Task<TemplateForCampaign?> Take(ISession session, Guid profile, Guid templateId, CancellationToken ct) =>
        await Counted(session, profile, templateId, ct) is { } row
            ? new TemplateForCampaign(row.Id, row.Name, row.Content, row.Objective, row.MetaTemplate)
            : null;

    private static async Task<TemplateRow?> Counted(ISession session, Guid profile, Guid id, CancellationToken ct)
    {
        var rows = await session.Query(CountUse, TemplateRow.Read, ct, ("profile", profile), ("id", id), ("now", session.Now));
        return rows is [var row] ? row : null;
    }

    private static async Task<IResult> Post(Caller caller, Guid id, IStore store, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        var row = await Counted(session, caller.ProfileId, id, ct);
        await session.Commit(ct);
        return row is null ? Problems.NotFound() : TypedResults.Ok(row);
    }
}
