using System.Text.Json;
using MassMessaging.Simulator.Evolution;
using MassMessaging.Simulator.OpenAi;

namespace MassMessaging.Simulator.Control;

/// <summary><c>/simulator/openai/*</c>: what the model answers next, and what it was asked.</summary>
internal static class OpenAiRoutes
{
    public static Reply Do(OpenAiModel model, HttpRequest request, string[] path, JsonElement body, long after, int limit) =>
        (request.Method, path) switch
        {
            ("GET", [_, _, "next"]) => Script(model),
            ("POST", [_, _, "next"]) => Add(model, body),
            ("DELETE", [_, _, "next"]) => Done(model.Clear, "Nothing is scripted."),
            ("GET", [_, _, "requests"]) => Requests(model, after, limit),
            ("DELETE", [_, _, "requests"]) => Done(model.Forget, "No request is known."),
            ("POST", [_, _, "hold"]) => Done(model.Hold, "Requests wait."),
            ("POST", [_, _, "release"]) => Done(model.Release, "Requests are answered."),
            _ => Reply.NotFound($"Cannot {request.Method} {request.Path}"),
        };

    private static Reply Script(OpenAiModel model) => Reply.Json(200, json =>
    {
        json.WriteStartArray();
        foreach (var answer in model.Script) Write(json, answer);
        json.WriteEndArray();
    });

    private static Reply Add(OpenAiModel model, JsonElement body)
    {
        var given = new List<ModelAnswer>();
        foreach (var each in body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().ToArray() : [body])
        {
            if (!ModelAnswerNames.TryParse(each.Text("kind"), out var kind))
            {
                return ControlRoutes.Wrong(
                    $"No answer is called \"{each.Text("kind")}\". There are: {string.Join(", ", ModelAnswerNames.All)}.");
            }

            given.Add(Read(each, kind));
        }

        foreach (var answer in given) model.Next(answer);
        return Script(model);
    }

    private static ModelAnswer Read(JsonElement body, ModelAnswerKind kind) => new(
        kind,
        body.Flag("always") == true ? null : Math.Max(1, body.Whole("times") ?? 1),
        body.Text("text"),
        body.TryGetProperty("texts", out var texts) && texts.ValueKind == JsonValueKind.Array
            ? [.. texts.EnumerateArray().Select(text => text.ToString())]
            : null,
        body.Text("when"),
        body.Whole("retryAfterSeconds") ?? 1,
        body.Whole("delayMilliseconds") ?? 0,
        body.Whole("promptTokens"),
        body.Whole("completionTokens"),
        body.Flag("hidesUsage") ?? false);

    private static Reply Done(Action act, string said)
    {
        act();
        return ControlRoutes.Done(said);
    }

    private static Reply Requests(OpenAiModel model, long after, int limit) => Reply.Json(200, json =>
    {
        json.WriteStartArray();
        foreach (var request in model.Requests.Where(request => request.Sequence > after).Take(limit))
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", request.Sequence);
            json.WriteString("receivedAt", JsonText.Iso(request.ReceivedAt));
            json.WriteString("model", request.Model);
            json.WriteString("schemaName", request.SchemaName);
            json.WriteBoolean("streamed", request.Streamed);
            json.WriteString("answer", request.Answer);
            json.WriteNumber("status", request.Status);
            json.WriteString("said", request.Said);
            json.WriteBoolean("answered", request.Answered);
            json.WriteBoolean("disconnected", request.Disconnected);
            json.WriteNumber("promptTokens", request.PromptTokens);
            json.WriteNumber("completionTokens", request.CompletionTokens);
            json.WriteStartArray("messages");
            foreach (var message in request.Messages)
            {
                json.WriteStartObject();
                json.WriteString("role", message.Role);
                json.WriteString("content", message.Content);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, ModelAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("kind", answer.Name);
        if (answer.Times is { } times) json.WriteNumber("times", times);
        else json.WriteBoolean("always", true);
        if (answer.Text is not null) json.WriteString("text", answer.Text);
        if (answer.When is not null) json.WriteString("when", answer.When);
        json.WriteEndObject();
    }
}
