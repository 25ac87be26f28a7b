using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary><c>POST /api/campaigns/{id}/save-as-template</c>: keeps what a campaign says for reuse, whatever became of it.</summary>
public static class SaveAsTemplate
{
    private const string Select = """
        select t.name, t.objective, t.message_content, t.meta_template, t.variants from campaign c
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        where c.profile_id = @profile and c.id = @campaign
        """;

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{id:guid}/save-as-template", Post)
        .Documented("saveAsTemplate", "Keeps a campaign's message, or one of its variants, as a template.", "validation-failed")
        .Takes<SaveBody>().Produces<TemplateRow>(StatusCodes.Status201Created);

    private static async Task<IResult> Post(Caller caller, Guid id, Fields body, IStore store, CancellationToken ct)
    {
        var name = body.Text("name", TemplateBody.MaxName, required: body.Given("name"));
        var variant = body.Text("variant", Variants.MaxName);
        if (body.AreWrong) return body.Problem();

        await using var session = store.Open(caller.Origin);
        var found = await session.Query(
            Select, row => (
                Template: new TemplateBody(
                    row.Text("name"), row.Text("message_content"), row.Text("objective"),
                    row.TextOrNull("meta_template") is { } meta ? MetaTemplate.FromJson(meta) : null),
                Variants: Variants.FromJson(row.TextOrNull("variants"))),
            ct, ("profile", caller.ProfileId), ("campaign", id));
        if (found is not [var (template, variants)]) return Problems.NotFound();
        if (variant is not null && TextOf(variants, variant) is null)
        {
            body.Wrong("variant", "must be the name of one of the campaign's variants");
            return body.Problem();
        }

        var kept = template with { Name = name ?? template.Name, Content = TextOf(variants, variant) ?? template.Content };
        var row = await CreateTemplate.Keep(session, caller.ProfileId, kept, ct);
        await session.Commit(ct);
        return TypedResults.Created($"/api/campaign-templates/{row.Id}", row);
    }

    private static string? TextOf(IReadOnlyList<Variant>? variants, string? name) =>
        variants?.FirstOrDefault(variant => string.Equals(variant.Name, name, StringComparison.OrdinalIgnoreCase))?.MessageContent;

    /// <param name="Name">Null: the campaign's.</param>
    /// <param name="Variant">Name of the variant whose text is kept; null: the campaign's message.</param>
    private sealed record SaveBody(string? Name, string? Variant);
}
