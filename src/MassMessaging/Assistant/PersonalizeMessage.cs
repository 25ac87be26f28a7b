using MassMessaging.Assistant.Prompts;
using MassMessaging.Assistant.Writing;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Assistant;

/// <param name="Message">Up to 4,096 characters; its variables stay, but for the client's name.</param>
public sealed record PersonalizeMessage(string Message, Guid? ClientId, string? Language, bool? Fresh);

/// <summary>
/// <c>POST /api/ai/messages/personalize</c>: a message for one client, from what the advisor noted and what was written before.
/// </summary>
public static class PersonalizeMessageEndpoint
{
    private const string Name = "{nombre_cliente}";

    public static void Map(IEndpointRouteBuilder assistant) => assistant.MapPost("/messages/personalize", Post)
        .Documented(
            "personalizeMessage", "Writes a message for one client, from notes and history; a phone is never told to the model.",
            Answering.Codes("template-variable-unknown", "not-found"))
        .RequireRateLimiting(RateLimits.Assistant)
        .Takes<PersonalizeMessage>()
        .Produces<AssistantAnswer>(StatusCodes.Status200OK, "application/json", Answering.Stream);

    private static async Task<IResult> Post(
        HttpContext context, Caller caller, Fields body, IStore store, ClientFactsReader facts, Answering answering, CancellationToken ct)
    {
        var profile = await AssistantBody.ProfileOf(store, caller, ct);
        var message = AssistantBody.Message(body);
        var clientId = body.Id("clientId");
        if (!body.Given("clientId")) body.Wrong("clientId", "is required");
        var language = AssistantBody.Language(body, profile);
        var isFresh = body.Flag("fresh") ?? false;
        if (body.AreWrong) return body.Problem();

        answering.MustBeConfigured();
        if (await facts.Of(caller.ProfileId, clientId!.Value, ct) is not { } client) return Problems.NotFound();

        var inputs = new PromptInputs(
            "personalize", language, Count: 1, TemplateBody.MaxContent, AssistantBody.Voice(profile),
            new Dictionary<string, string?> { ["message"] = message },
            [.. MessageText.Variables(message).Where(token => token != Name)], client);
        var commission = new Commission(
            caller, profile, "personalize", inputs, AssistantBody.Given(profile, message), clientId, Label: client.Label, IsFresh: isFresh);
        return await answering.Answer(context, commission, written => AssistantAnswer.Of(commission, written));
    }
}
