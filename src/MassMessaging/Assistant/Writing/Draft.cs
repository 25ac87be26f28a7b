using System.Text.Json;
using System.Text.Json.Nodes;
using MassMessaging.Assistant.Checks;

namespace MassMessaging.Assistant.Writing;

/// <summary>One message as the model wrote it.</summary>
/// <param name="Name">Of a template suggested; so <paramref name="Objective"/> and <paramref name="BasedOn"/>, numbers of examples.</param>
public sealed record Draft(string Text, string? Name = null, string? Objective = null, IReadOnlyList<int>? BasedOn = null);

/// <summary>The shape that an answer must have, told to the model as a schema and in words, and asked of what it says.</summary>
/// <param name="Schema">Strict: all fields required, no others.</param>
public sealed record DraftShape(string Name, string List, string Schema, string Words)
{
    private const int LongestName = 100;

    public static DraftShape Messages { get; } = new(
        "message_drafts", "variations",
        """
        {"type":"object","additionalProperties":false,"required":["variations"],"properties":{"variations":{"type":"array","items":
        {"type":"object","additionalProperties":false,"required":["text"],"properties":{"text":{"type":"string"}}}}}}
        """,
        """{"variations":[{"text":"…"}]}""");

    public static DraftShape Templates { get; } = new(
        "template_drafts", "templates",
        """
        {"type":"object","additionalProperties":false,"required":["templates"],"properties":{"templates":{"type":"array","items":
        {"type":"object","additionalProperties":false,"required":["name","objective","text","basedOn"],"properties":{"name":{"type":"string"},
        "objective":{"type":"string"},"text":{"type":"string"},"basedOn":{"type":"array","items":{"type":"integer"}}}}}}}
        """,
        """{"templates":[{"name":"…","objective":"…","text":"…","basedOn":[1]}]}""");

    /// <summary>The drafts, or what is wrong with the answer as a whole.</summary>
    public (IReadOnlyList<Draft> Drafts, DraftProblem? Problem) Read(string answer)
    {
        try
        {
            var drafts = (JsonNode.Parse(WithoutFence(answer)) as JsonObject)?[List] as JsonArray;
            return drafts is { Count: > 0 } && drafts.All(draft => draft is JsonObject && TextOf(draft, "text") is not null)
                ? ([.. drafts.Select(draft => Draft(draft!))], null)
                : ([], new("wrong-shape", $"The answer is not JSON of the shape {Words}."));
        }
        catch (JsonException)
        {
            return ([], new("not-json", $"The answer is not JSON; it must be one object of the shape {Words}."));
        }
    }

    /// <summary>Servers without structured output let models put the JSON into a block of markdown.</summary>
    private static string WithoutFence(string answer)
    {
        var text = answer.Trim();
        var line = text.IndexOf('\n', StringComparison.Ordinal);
        var isBlock = text.StartsWith("```", StringComparison.Ordinal) && text.EndsWith("\n```", StringComparison.Ordinal);
        return isBlock && line < text.Length - 4 ? text[line..^4] : text;
    }

    private static Draft Draft(JsonNode draft) => new(
        TextOf(draft, "text")!.Trim(), Short(TextOf(draft, "name")), Short(TextOf(draft, "objective")),
        (draft["basedOn"] as JsonArray)?.OfType<JsonValue>()
            .Select(number => number.TryGetValue<int>(out var value) ? value : 0).Where(number => number > 0).Distinct().ToList());

    private static string? Short(string? text) => text is { Length: > LongestName } ? text[..LongestName] : text;

    private static string? TextOf(JsonNode draft, string name) =>
        draft[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
