using MassMessaging.Assistant.Prompts;
using MassMessaging.Assistant.Writing;
using MassMessaging.Clients;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Profiles;
using MassMessaging.Templates;

namespace MassMessaging.Assistant;

/// <param name="Tone">Free words; required unless the profile has one.</param>
/// <param name="Count">1 to 5; 3 if left out.</param>
/// <param name="Language">A tag, as <c>pt-BR</c>; the profile's if left out.</param>
/// <param name="ClientId">Then the messages are for this client.</param>
/// <param name="MaxLength">Of each message, in characters; 1,000 if left out.</param>
/// <param name="RequiredVariables">Every message has these, with braces.</param>
/// <param name="Fresh">Not an answer that was given before.</param>
public sealed record GenerateMessages(
    string Objective, string? Tone, int? Count, string? Language, ClientLabel? Label, Guid? ClientId, int? MaxLength,
    IReadOnlyList<string>? RequiredVariables, bool? Fresh);

/// <summary><c>POST /api/ai/messages/generate</c>: variations for an objective.</summary>
public static class GenerateMessagesEndpoint
{
    private const int DefaultCount = 3;
    private const int MostCount = 5;

    public static void Map(IEndpointRouteBuilder assistant) => assistant.MapPost("/messages/generate", Post)
        .Documented(
            "generateMessages", "Writes variations of a message for an objective and a tone; streams them if asked to.",
            Answering.Codes("not-found"))
        .RequireRateLimiting(RateLimits.Assistant)
        .Takes<GenerateMessages>()
        .Produces<AssistantAnswer>(StatusCodes.Status200OK, "application/json", Answering.Stream);

    private static async Task<IResult> Post(
        HttpContext context, Caller caller, Fields body, IStore store, ClientFactsReader facts, Answering answering, CancellationToken ct)
    {
        var profile = await AssistantBody.ProfileOf(store, caller, ct);
        var asked = Read(body, profile);
        if (body.AreWrong) return body.Problem();

        answering.MustBeConfigured();
        var client = asked.ClientId is { } id ? await facts.Of(caller.ProfileId, id, ct) : null;
        if (asked.ClientId is not null && client is null) return Problems.NotFound();

        var commission = Commission(caller, profile, asked, client);
        return await answering.Answer(context, commission, written => AssistantAnswer.Of(commission, written));
    }

    private static GenerateMessages Read(Fields body, ProfileRow profile)
    {
        var required = body.Texts("requiredVariables", Variable.All.Count, 50) ?? [];
        if (required.FirstOrDefault(token => !Variable.IsKnown(token)) is { } unknown)
            body.Wrong("requiredVariables", $"has an unknown variable: {unknown}");
        return new(
            body.Text("objective", TemplateBody.MaxObjective, required: true)?.Trim() ?? "",
            body.Text("tone", AssistantBody.LongestLine, required: profile.Assistant.Tone is null)?.Trim(),
            body.Whole("count", 1, MostCount) ?? DefaultCount,
            AssistantBody.Language(body, profile),
            body.OneOf<ClientLabel>("label"),
            body.Id("clientId"),
            body.Whole("maxLength", 1, TemplateBody.MaxContent) ?? AssistantBody.DefaultLength,
            required,
            body.Flag("fresh"));
    }

    private static Commission Commission(Caller caller, ProfileRow profile, GenerateMessages asked, ClientFacts? client)
    {
        var (tone, label) = (asked.Tone ?? profile.Assistant.Tone, asked.Label is { } of ? JsonConventions.NameOf(of) : null);
        var task = new Dictionary<string, string?> { ["objective"] = asked.Objective, ["tone"] = tone, ["clientsAre"] = label };
        var inputs = new PromptInputs(
            "generate", asked.Language!, asked.Count!.Value, asked.MaxLength!.Value, AssistantBody.Voice(profile), task,
            asked.RequiredVariables!, client);
        return new Commission(
            caller, profile, "generate", inputs, AssistantBody.Given(profile, asked.Objective, tone), asked.ClientId, asked.Objective, tone,
            label, asked.Fresh ?? false);
    }
}
