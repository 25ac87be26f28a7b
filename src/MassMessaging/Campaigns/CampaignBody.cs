using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary>What a body may say about a campaign; null is absent or wrong.</summary>
/// <param name="TemplateId">The message is the template's, unless <paramref name="MessageContent"/> is given too.</param>
/// <param name="Variants">The message is the first one's, unless another is given.</param>
/// <param name="ScheduledAt">In the future.</param>
/// <param name="VariationId">When it is made: the assistant's variation that its message began as.</param>
public sealed record CampaignBody(
    string? Name, string? Objective, string? MessageContent, Guid? TemplateId, AudienceSpec Audience, DateTimeOffset? ScheduledAt,
    MetaTemplate? MetaTemplate, IReadOnlyList<Variant>? Variants = null, Guid? VariationId = null)
{
    private const string SelectTemplate = "select 1 from campaign_template where profile_id = @profile and id = @id";

    /// <param name="body">Collects what is wrong.</param>
    /// <param name="isPartial">Then anything may be missing, but nothing that is required may be emptied.</param>
    /// <param name="now">What is past is judged by this.</param>
    public static CampaignBody Read(Fields body, bool isPartial, DateTimeOffset now)
    {
        var templateId = body.Id("templateId");
        var needsMessage = templateId is null && !body.Given("variants") && (!isPartial || body.Has("messageContent"));
        var variants = Campaigns.Variants.Read(body);
        return new(
            body.Text("name", TemplateBody.MaxName, required: !isPartial || body.Has("name")),
            body.Text("objective", TemplateBody.MaxObjective, required: !isPartial || body.Has("objective")),
            TemplateBody.ReadContent(body, "messageContent", needsMessage) is { } text && !string.IsNullOrWhiteSpace(text)
                ? text
                : templateId is null ? variants?[0].MessageContent : null,
            templateId,
            AudienceSpec.Read(body.Object("audience")),
            ReadFuture(body, "scheduledAt", now),
            TemplateBody.ReadMetaTemplate(body),
            variants);
    }

    public static DateTimeOffset? ReadFuture(Fields body, string field, DateTimeOffset now)
    {
        var at = body.Time(field);
        if (at is null || at > now) return at;

        body.Wrong(field, "must be in the future");
        return null;
    }

    /// <summary>Names a template that is not there beside everything else that is wrong.</summary>
    public async Task FindTemplate(Fields body, IStore store, Guid profile, CancellationToken ct)
    {
        if (TemplateId is null) return;
        var found = await store.Query(SelectTemplate, _ => true, ct, ("profile", profile), ("id", TemplateId));
        if (found.Count == 0) body.Wrong("templateId", "must be one of your templates");
    }

    /// <summary>Counts the template's use in the session, and fills in what it says and the body does not.</summary>
    /// <exception cref="ProblemException">The template was deleted meanwhile.</exception>
    public async Task<CampaignBody> TakeTemplate(Fields body, ISession session, Guid profile, CancellationToken ct)
    {
        if (TemplateId is not { } id) return this;
        if (await TemplateUse.Take(session, profile, id, ct) is { } template)
            return this with { MessageContent = MessageContent ?? template.Content, MetaTemplate = MetaTemplate ?? template.MetaTemplate };

        body.Wrong("templateId", "must be one of your templates");
        throw new ProblemException((Problem)body.Problem());
    }
}
