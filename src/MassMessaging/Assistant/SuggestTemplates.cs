using MassMessaging.Assistant.Prompts;
using MassMessaging.Assistant.Writing;
using MassMessaging.Clients;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Assistant;

/// <param name="Objective">What the templates are for; left out, whatever went well before.</param>
/// <param name="Label">Learn from campaigns to such clients only.</param>
public sealed record SuggestTemplates(string? Objective, ClientLabel? Label, string? Language, bool? Fresh);

/// <param name="BasedOn">The campaigns that it learned from, with their sample sizes.</param>
public sealed record Suggestion(
    Guid Id, string Name, string? Objective, string Text, IReadOnlyList<string> Variables, IReadOnlyList<TextWarning> Warnings,
    IReadOnlyList<PastResult> BasedOn);

/// <param name="Results">The campaigns that the model was shown, the best first. Counted by the service, never by the model.</param>
public sealed record SuggestionsAnswer(
    IReadOnlyList<Suggestion> Suggestions, IReadOnlyList<PastResult> Results, string Model, string PromptVersion, AnswerUsage Usage,
    bool Cached, bool Fallback)
{
    public static SuggestionsAnswer Of(Commission commission, IReadOnlyList<PastResult> results, Written written) => new(
        [.. written.Drafts.Select(kept => new Suggestion(
            kept.Id, kept.Draft.Name is { Length: > 0 } name ? name : kept.Draft.Objective ?? commission.Objective ?? "",
            kept.Draft.Objective, kept.Draft.Text, MessageText.Variables(kept.Draft.Text), MessageText.Warnings(kept.Draft.Text),
            [.. (kept.Draft.BasedOn ?? []).Where(number => number <= results.Count).Select(number => results[number - 1])]))],
        results, written.Model, commission.PromptVersion, AnswerUsage.Of(written), written.IsCached, written.IsFallback);
}

/// <summary><c>POST /api/ai/templates/suggest</c>: templates from what went well in the profile's own campaigns.</summary>
public static class SuggestTemplatesEndpoint
{
    private const int Count = 3;

    public static void Map(IEndpointRouteBuilder assistant) => assistant.MapPost("/templates/suggest", Post)
        .Documented("suggestTemplates", "Suggests templates from the results of own campaigns, with their sample sizes.", Answering.Codes())
        .RequireRateLimiting(RateLimits.Assistant)
        .Takes<SuggestTemplates>()
        .Produces<SuggestionsAnswer>(StatusCodes.Status200OK, "application/json", Answering.Stream);

    private static async Task<IResult> Post(
        HttpContext context, Caller caller, Fields body, IStore store, Answering answering, CancellationToken ct)
    {
        var profile = await AssistantBody.ProfileOf(store, caller, ct);
        var objective = body.Text("objective", TemplateBody.MaxObjective)?.Trim() is { Length: > 0 } given ? given : null;
        var label = body.OneOf<ClientLabel>("label") is { } of ? JsonConventions.NameOf(of) : null;
        var language = AssistantBody.Language(body, profile);
        var isFresh = body.Flag("fresh") ?? false;
        if (body.AreWrong) return body.Problem();

        answering.MustBeConfigured();
        var results = await PastResults.Of(store, caller.ProfileId, objective, label, ct);
        var examples = results.Select((result, place) => new
        {
            Number = place + 1, result.Objective, result.Text, result.Sent, result.DeliveredRate, result.ReadRate, result.RepliedRate,
        }).ToList();
        var task = new Dictionary<string, string?> { ["objective"] = objective, ["clientsAre"] = label };
        var inputs = new PromptInputs(
            "suggest", language, Count, AssistantBody.DefaultLength, AssistantBody.Voice(profile), task, Required: [], Examples: examples);
        var commission = new Commission(
            caller, profile, "suggest", inputs, AssistantBody.Given(profile, [objective, .. results.Select(result => result.Text)]),
            Objective: objective, Label: label, IsFresh: isFresh);
        return await answering.Answer(context, commission, written => SuggestionsAnswer.Of(commission, results, written));
    }
}
