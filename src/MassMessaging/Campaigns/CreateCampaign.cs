using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary><c>POST /api/campaigns</c>: a draft, or with a time a scheduled campaign.</summary>
public static class CreateCampaign
{
    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/", Post)
        .Documented(
            "createCampaign", "Drafts a campaign; with scheduledAt it starts by itself then.",
            "validation-failed", "template-variable-unknown")
        .Takes<CampaignBody>().Produces<CampaignAnswer>(StatusCodes.Status201Created);

    public static Decision Decide(StreamKey key, Guid contentId, Guid? templateId, DateTimeOffset? scheduledAt)
    {
        var drafted = new CampaignDrafted(contentId, templateId);
        if (scheduledAt is not { } at) return Decision.Accept(drafted);

        var scheduled = (Decision.Accepted)ChangeCampaign.Schedule(Campaign.Evolve(Campaign.Initial, drafted), key, at);
        return scheduled with { Events = [drafted, .. scheduled.Events] };
    }

    private static async Task<IResult> Post(
        HttpContext context, Caller caller, Fields fields, IStore store, IProposedTexts proposed, CancellationToken ct)
    {
        var now = store.Clock.GetUtcNow();
        var body = CampaignBody.Read(fields, isPartial: false, now);
        await body.FindTemplate(fields, store, caller.ProfileId, ct);
        var proposal = await ProposedText.Read(fields, proposed, caller.ProfileId, ct);
        if (fields.AreWrong) return fields.Problem();
        if (body.ScheduledAt is not null) caller.RequireSend();

        var command = new CampaignCommand(context, store, caller, Guid.CreateVersion7(now));
        var contentId = Guid.CreateVersion7(now);
        return await command.Begin(
            () => Decide(command.Key, contentId, body.TemplateId, body.ScheduledAt),
            () => command.Show(ct, answer => TypedResults.Created($"/api/campaigns/{answer.Id}", answer)),
            async session =>
            {
                var whole = await body.TakeTemplate(fields, session, caller.ProfileId, ct);
                await CampaignContent.Write(session, command.Key, contentId, whole, ct);
                if (proposal is { } id && whole.MessageContent is { } text)
                    await proposed.Chosen(session, caller.ProfileId, id, "campaign", command.Id, text, ct);
            },
            ct);
    }
}
