using MassMessaging.Assistant.Prompts;
using MassMessaging.Assistant.Writing;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Assistant;

/// <param name="Message">Up to 4,096 characters; the variables that it has stay.</param>
/// <param name="Instruction">Such as "shorter".</param>
public sealed record ImproveMessage(string Message, string? Instruction, string? Language, bool? Fresh);

/// <summary><c>POST /api/ai/messages/improve</c>: the same message, better said.</summary>
public static class ImproveMessageEndpoint
{
    public static void Map(IEndpointRouteBuilder assistant) => assistant.MapPost("/messages/improve", Post)
        .Documented(
            "improveMessage", "Writes a message anew, clearer and warmer, with the variables that it has.",
            Answering.Codes("template-variable-unknown"))
        .RequireRateLimiting(RateLimits.Assistant)
        .Takes<ImproveMessage>()
        .Produces<AssistantAnswer>(StatusCodes.Status200OK, "application/json", Answering.Stream);

    private static async Task<IResult> Post(
        HttpContext context, Caller caller, Fields body, IStore store, Answering answering, CancellationToken ct)
    {
        var profile = await AssistantBody.ProfileOf(store, caller, ct);
        var message = AssistantBody.Message(body);
        var instruction = body.Text("instruction", AssistantBody.LongestInstruction)?.Trim();
        var language = AssistantBody.Language(body, profile);
        var isFresh = body.Flag("fresh") ?? false;
        if (body.AreWrong) return body.Problem();

        answering.MustBeConfigured();
        var task = new Dictionary<string, string?> { ["message"] = message, ["instruction"] = instruction };
        var inputs = new PromptInputs(
            "improve", language, Count: 1, TemplateBody.MaxContent, AssistantBody.Voice(profile), task, MessageText.Variables(message));
        var commission = new Commission(
            caller, profile, "improve", inputs, AssistantBody.Given(profile, message, instruction), IsFresh: isFresh);
        return await answering.Answer(context, commission, written => AssistantAnswer.Of(commission, written));
    }
}
