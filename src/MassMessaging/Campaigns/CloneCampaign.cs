using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary><c>POST /api/campaigns/{id}/clone</c>: a new draft that says the same to the same audience.</summary>
public static class CloneCampaign
{
    private const string Suffix = " (copia)";

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{id:guid}/clone", Post)
        .Documented("cloneCampaign", "Drafts a copy of a campaign, whatever became of it.", "validation-failed")
        .Takes<CloneBody>().Produces<CampaignAnswer>(StatusCodes.Status201Created);

    public static string NameOf(string name)
    {
        var most = TemplateBody.MaxName - Suffix.Length;
        var kept = name.Length <= most ? name : name[..(char.IsHighSurrogate(name[most - 1]) ? most - 1 : most)];
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name : kept + Suffix;
    }

    private static async Task<IResult> Post(HttpContext context, Caller caller, Guid id, Fields body, IStore store, CancellationToken ct)
    {
        var name = body.Text("name", TemplateBody.MaxName, required: body.Given("name"));
        if (body.AreWrong) return body.Problem();
        if (await CampaignQuery.One(store, caller.ProfileId, id, ct) is not { Answer: var source }) return Problems.NotFound();

        var now = store.Clock.GetUtcNow();
        var contentId = Guid.CreateVersion7(now);
        var command = new CampaignCommand(context, store, caller, Guid.CreateVersion7(now));
        return await command.Begin(
            () => CreateCampaign.Decide(command.Key, contentId, source.TemplateId, scheduledAt: null),
            () => command.Show(ct, answer => TypedResults.Created($"/api/campaigns/{answer.Id}", answer)),
            session => Copy(session, id, command.Key, contentId, name ?? NameOf(source.Name), ct),
            ct);
    }

    private static async Task Copy(ISession session, Guid source, StreamKey campaign, Guid contentId, string name, CancellationToken ct)
    {
        var copied = await CampaignContent.WriteCopy(session, source, campaign, contentId, name, ct);
        if (copied == 0) throw new ProblemException((Problem)Problems.NotFound()); // deleted meanwhile
    }

    /// <param name="Name">Null: the source's, marked as a copy.</param>
    private sealed record CloneBody(string? Name);
}
