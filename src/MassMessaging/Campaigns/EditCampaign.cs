using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary>A partial change of a draft or scheduled campaign.</summary>
/// <param name="ContentId">The new version of its content; null leaves the content as it is.</param>
/// <param name="SetsTemplate"><paramref name="TemplateId"/> replaces the template, also by none.</param>
/// <param name="SetsSchedule"><paramref name="ScheduledAt"/> replaces the start; null makes it a draft.</param>
public sealed record EditCampaign(Guid? ContentId, bool SetsTemplate, Guid? TemplateId, bool SetsSchedule, DateTimeOffset? ScheduledAt)
{
    private static readonly string[] ContentFields = ["name", "objective", "messageContent", "templateId", "audience", "metaTemplate", "variants"];

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPut("/{id:guid}", Put)
        .Documented(
            "editCampaign", "Changes the fields given, of a draft or scheduled campaign; scheduledAt null makes it a draft.",
            "validation-failed", "template-variable-unknown", "campaign-not-editable", "precondition-failed")
        .Takes<CampaignBody>().Produces<CampaignAnswer>();

    public static Decision Decide(Campaign campaign, StreamKey key, EditCampaign edit)
    {
        var templateId = edit.SetsTemplate ? edit.TemplateId : campaign.TemplateId;
        var edited = ChangeCampaign.Edit(campaign, edit.ContentId ?? campaign.ContentId, templateId);
        if (edited is Decision.Refused) return edited;
        if (edit.ContentId is null) edited = Decision.Nothing;
        if (!edit.SetsSchedule) return edited;

        var moved = edit.ScheduledAt is { } at ? ChangeCampaign.Schedule(campaign, key, at) : ChangeCampaign.Unschedule(campaign);
        return (edited, moved) switch
        {
            (Decision.Accepted first, Decision.Accepted then) => then with { Events = [.. first.Events, .. then.Events] },
            (_, var refused) => refused,
        };
    }

    private static async Task<IResult> Put(
        HttpContext context, Caller caller, Guid id, Fields fields, IStore store, IProposedTexts proposed, CancellationToken ct)
    {
        var now = store.Clock.GetUtcNow();
        var body = CampaignBody.Read(fields, isPartial: true, now);
        await body.FindTemplate(fields, store, caller.ProfileId, ct);
        if (fields.AreWrong) return fields.Problem();
        if (body.ScheduledAt is not null) caller.RequireSend();

        var command = new CampaignCommand(context, store, caller, id);
        var edit = new EditCampaign(
            ContentFields.Any(fields.Has) ? Guid.CreateVersion7(now) : null,
            fields.Has("templateId"), body.TemplateId, fields.Has("scheduledAt"), body.ScheduledAt);
        return await command.Run(
            Judged, ct, done: null,
            session => edit.ContentId is { } contentId
                ? Write(session, proposed, command.Key, contentId, fields, body, ct)
                : Task.CompletedTask);

        Decision Judged(Campaign campaign)
        {
            if (campaign.Status == CampaignStatus.Scheduled) caller.RequireSend(); // what is changed now is sent without asking again
            return Decide(campaign, command.Key, edit);
        }
    }

    private static async Task Write(
        ISession session, IProposedTexts proposed, StreamKey key, Guid contentId, Fields fields, CampaignBody body, CancellationToken ct)
    {
        // A form sends the template's id back with every edit: only taking its text over is a use.
        var taken = body.MessageContent is null ? await body.TakeTemplate(fields, session, key.Profile, ct) : body;
        var setsMeta = fields.Has("metaTemplate") || taken.MetaTemplate is not null;
        await CampaignContent.WriteChanged(session, key, contentId, taken, fields.Has("audience"), setsMeta, fields.Has("variants"), ct);
        if (taken.MessageContent is { } text) await proposed.Edited(session, key.Profile, key.Id, text, ct);
    }
}
