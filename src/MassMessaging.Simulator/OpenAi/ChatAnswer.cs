using System.Text;
using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.OpenAi;

/// <summary>What one choice says, before it is put on the wire.</summary>
internal sealed record ChatChoice(string? Content, string? Refusal, string FinishReason)
{
    public static ChatChoice Of(ChatRequest request, ModelAnswer answer, PromptHints hints, int choice)
    {
        var content = Said(request, answer, hints, index => DraftTexts.Of(answer, hints, request.Prompt, choice + index));
        return answer.Kind switch
        {
            ModelAnswerKind.Refusal => new(null, answer.Text ?? "I'm sorry, but I can't help with that.", "stop"),
            ModelAnswerKind.NoContent => new(null, null, "stop"),
            ModelAnswerKind.ContentFilter => new(Half(content), null, "content_filter"),
            ModelAnswerKind.Truncated => new(Half(content), null, "length"),
            _ when request.MaxTokens is { } most && Tokens.Of(content) > most =>
                new(content[..Math.Min(content.Length, most * 4)], null, "length"),
            _ => new(content, null, "stop"),
        };
    }

    private static string Said(ChatRequest request, ModelAnswer answer, PromptHints hints, Func<int, string> draft) => answer.Kind switch
    {
        ModelAnswerKind.Raw => answer.Text ?? "",
        ModelAnswerKind.MalformedJson => """{"variations": [{"text": "Hola {nombre_cliente}", """,
        ModelAnswerKind.WrongSchema => """{"respuesta": 42, "messages": {"uno": null}}""",
        _ when request.Format.Schema is { } schema => new SchemaFiller(hints.Count, draft).Fill(schema),
        _ when request.Format.Type == "json_object" => Encoding.UTF8.GetString(JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("text", draft(0));
            json.WriteEndObject();
        })),
        _ => draft(0),
    };

    private static string Half(string content) => content[..(content.Length / 2)];

    /// <summary>About four characters a token, as OpenAI's own rule of thumb has it.</summary>
    internal static class Tokens
    {
        public static int Of(string text) => (text.Length + 3) / 4;

        public static int Of(IEnumerable<PromptMessage> messages) => 3 + messages.Sum(message => 4 + Of(message.Content));
    }
}

internal sealed record ChatUsage(int PromptTokens, int CompletionTokens)
{
    public static ChatUsage Of(ChatRequest request, ModelAnswer answer, IReadOnlyList<ChatChoice> choices) => new(
        answer.PromptTokens ?? ChatChoice.Tokens.Of(request.Messages),
        answer.CompletionTokens ?? choices.Sum(choice => ChatChoice.Tokens.Of(choice.Content ?? choice.Refusal ?? "")));

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", PromptTokens);
        json.WriteNumber("completion_tokens", CompletionTokens);
        json.WriteNumber("total_tokens", PromptTokens + CompletionTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", 0);
        json.WriteNumber("audio_tokens", 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", 0);
        json.WriteNumber("audio_tokens", 0);
        json.WriteNumber("accepted_prediction_tokens", 0);
        json.WriteNumber("rejected_prediction_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>An answer as a whole, in OpenAI's JSON: one object, or chunks.</summary>
internal sealed record ChatAnswer(string Id, long Created, string Model, IReadOnlyList<ChatChoice> Choices, ChatUsage? Usage)
{
    private const int PieceLength = 24;

    public byte[] Whole() => JsonText.Of(json =>
    {
        Head(json, "chat.completion");
        json.WriteStartArray("choices");
        for (var index = 0; index < Choices.Count; index++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
            json.WriteString("content", Choices[index].Content);
            json.WriteString("refusal", Choices[index].Refusal);
            json.WriteStartArray("annotations");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", Choices[index].FinishReason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Usage?.Write(json);
        json.WriteString("service_tier", "default");
        json.WriteEndObject();
    });

    /// <param name="includesUsage">A last chunk with the usage and no choices.</param>
    public IEnumerable<byte[]> Chunks(bool includesUsage)
    {
        for (var index = 0; index < Choices.Count; index++)
        {
            var choice = Choices[index];
            var text = choice.Refusal ?? choice.Content ?? "";
            var member = choice.Refusal is null ? "content" : "refusal";
            yield return Chunk(index, member, "", null, isFirst: true);
            for (var at = 0; at < text.Length; at = PieceEnd(text, at))
                yield return Chunk(index, member, text[at..PieceEnd(text, at)], null);
            yield return Chunk(index, null, null, choice.FinishReason);
        }

        if (!includesUsage || Usage is null) yield break;

        yield return JsonText.Of(json =>
        {
            Head(json, "chat.completion.chunk");
            json.WriteStartArray("choices");
            json.WriteEndArray();
            Usage.Write(json);
            json.WriteEndObject();
        });
    }

    /// <summary>Never between the halves of a surrogate pair.</summary>
    private static int PieceEnd(string text, int from)
    {
        var end = Math.Min(from + PieceLength, text.Length);
        return end < text.Length && char.IsHighSurrogate(text[end - 1]) ? end + 1 : end;
    }

    private byte[] Chunk(int index, string? member, string? piece, string? finishReason, bool isFirst = false) => JsonText.Of(json =>
    {
        Head(json, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("delta");
        if (isFirst) json.WriteString("role", "assistant");
        if (member is not null && piece is not null) json.WriteString(member, piece);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private void Head(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("object", type);
        json.WriteNumber("created", Created);
        json.WriteString("model", Model);
        json.WriteString("system_fingerprint", "fp_simulator");
    }
}
