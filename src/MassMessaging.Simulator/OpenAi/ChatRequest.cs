using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.OpenAi;

/// <summary>The parts of a chat completion request that matter here.</summary>
internal sealed record ChatRequest(
    string Model, IReadOnlyList<PromptMessage> Messages, ResponseFormat Format, int? MaxTokens, int Count, bool Streams, bool IncludesUsage)
{
    public string Prompt => string.Join("\n", Messages.Select(message => message.Content));

    public static ChatRequest? Read(JsonElement body, out Reply? wrong)
    {
        wrong = null;
        var streams = body.Flag("stream") ?? false;
        if (body.Text("model") is not { Length: > 0 } model)
            wrong = OpenAiError.Invalid("you must provide a model parameter", "model", "missing_required_parameter");
        else if (ReadMessages(body) is not { } messages)
            wrong = OpenAiError.Invalid("Invalid value for 'messages': expected an array of messages.", "messages", "invalid_type");
        else if (body.Object("stream_options") is not null && !streams)
            wrong = OpenAiError.Invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        else if (ResponseFormat.Read(body, out var mistake) is not { } format)
            wrong = OpenAiError.Invalid(mistake, "response_format", "invalid_schema");
        else
        {
            return new ChatRequest(
                model, messages, format, body.Whole("max_completion_tokens") ?? body.Whole("max_tokens"),
                Math.Clamp(body.Whole("n") ?? 1, 1, 16), streams, body.Object("stream_options")?.Flag("include_usage") ?? false);
        }

        return null;
    }

    private static List<PromptMessage>? ReadMessages(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("messages", out var given)) return null;
        if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() == 0) return null;

        var messages = new List<PromptMessage>();
        foreach (var each in given.EnumerateArray())
        {
            if (each.Text("role") is not { } role) return null;
            messages.Add(new PromptMessage(role, ContentOf(each)));
        }

        return messages;
    }

    /// <summary>A text, or an array of parts of which only texts are read.</summary>
    private static string ContentOf(JsonElement message) =>
        message.Text("content") is { } text ? text
        : message.TryGetProperty("content", out var parts) && parts.ValueKind == JsonValueKind.Array
            ? string.Concat(parts.EnumerateArray().Select(part => part.Text("text")))
            : "";
}

/// <param name="Schema">Null: any JSON object, or plain text.</param>
internal sealed record ResponseFormat(string Type, string? Name, JsonElement? Schema)
{
    public static ResponseFormat? Read(JsonElement body, out string mistake)
    {
        mistake = "";
        if (body.Object("response_format") is not { } format) return new ResponseFormat("text", null, null);
        if (format.Text("type") is not "json_schema") return new ResponseFormat(format.Text("type") ?? "text", null, null);

        if (format.Object("json_schema") is not { } wrapped || wrapped.Text("name") is not { Length: > 0 } name)
            mistake = "Missing required parameter: 'response_format.json_schema.name'.";
        else if (wrapped.Object("schema") is not { } schema)
            mistake = "Missing required parameter: 'response_format.json_schema.schema'.";
        else if (wrapped.Flag("strict") == true && StrictSchema.Mistake(schema, "") is { } broken)
            mistake = $"Invalid schema for response_format '{name}': {broken}";
        else
            return new ResponseFormat("json_schema", name, schema);
        return null;
    }
}

/// <summary>What OpenAI asks of a schema with `strict`: every object closed, and all of its properties required.</summary>
internal static class StrictSchema
{
    public static string? Mistake(JsonElement schema, string at)
    {
        if (schema.Object("properties") is { } properties)
        {
            if (schema.Flag("additionalProperties") != false)
                return $"In context=({at}), 'additionalProperties' is required to be supplied and to be false.";

            var required = schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
                ? names.EnumerateArray().Select(name => name.ToString()).ToHashSet(StringComparer.Ordinal)
                : [];
            foreach (var property in properties.EnumerateObject())
            {
                if (!required.Contains(property.Name))
                    return $"In context=({at}), 'required' must be an array of every key in properties. Missing '{property.Name}'.";
                if (Mistake(property.Value, $"{at}'properties', '{property.Name}'") is { } inner) return inner;
            }
        }

        return schema.Object("items") is { } items ? Mistake(items, $"{at}'items'") : null;
    }
}
