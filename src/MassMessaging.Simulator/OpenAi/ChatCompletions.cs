using System.Globalization;
using System.Text;
using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.OpenAi;

/// <summary><c>/openai/v1/*</c>: the key, the request's shape, the scripted answer, and the wire.</summary>
internal sealed class ChatCompletions(OpenAiModel model, TimeProvider clock, CancellationToken stopping)
{
    public static bool IsOurs(string[] path) => path is ["openai", ..];

    /// <returns>false: the connection is to be reset.</returns>
    public async Task<bool> Answer(HttpContext context, string[] path)
    {
        var (document, malformed) = await RequestBody.Read(context.Request, anyContentType: true);
        if (Refused(context.Request) is { } refused) return await Write(context, refused, null);
        if (malformed is not null)
            return await Write(context, OpenAiError.Invalid("We could not parse the JSON body of your request."), null);

        switch (context.Request.Method, path)
        {
            case ("POST", ["openai", "v1", "chat", "completions"]):
                var request = ChatRequest.Read(document.RootElement, out var wrong);
                return request is null ? await Write(context, wrong!, null) : await Complete(context, request, document.RootElement);
            case ("GET", ["openai", "v1", "models"]):
                return await Write(context, Models(), null);
            default:
                var unknown = $"Invalid URL ({context.Request.Method} {context.Request.Path})";
                return await Write(context, OpenAiError.Of(404, unknown, "invalid_request_error", "unknown_url"), null);
        }
    }

    private Reply? Refused(HttpRequest request)
    {
        var given = request.Headers.Authorization.ToString();
        if (!given.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || given.Length <= 7) return OpenAiError.NoKey();
        return model.Keys.Contains(given[7..].Trim()) ? null : OpenAiError.WrongKey();
    }

    private async Task<bool> Complete(HttpContext context, ChatRequest request, JsonElement body)
    {
        var answer = model.Take(request.Prompt);
        var kept = model.Record(new ModelRequest(
            0, default, request.Model, request.Messages, request.Format.Name, request.MaxTokens, request.Streams, body.GetRawText(),
            answer.Name));
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await model.Released.WaitAsync(waiting.Token);
            if (answer.DelayMilliseconds > 0) await Task.Delay(TimeSpan.FromMilliseconds(answer.DelayMilliseconds), clock, waiting.Token);
            if (answer.Kind == ModelAnswerKind.Hang) await Task.Delay(Timeout.InfiniteTimeSpan, waiting.Token);
            if (answer.Kind == ModelAnswerKind.CloseBefore) return false;

            return OpenAiError.For(answer) is { } error
                ? await Write(context, error, kept)
                : await Say(context, request, answer, kept, waiting.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            kept.Disconnected = context.RequestAborted.IsCancellationRequested;
            return false;
        }
    }

    private async Task<bool> Say(HttpContext context, ChatRequest request, ModelAnswer answer, ModelRequest kept, CancellationToken ct)
    {
        var hints = PromptHints.Of(request.Prompt);
        ChatChoice[] choices = answer.Kind == ModelAnswerKind.NoChoices
            ? []
            : [.. Enumerable.Range(0, request.Count).Select(index => ChatChoice.Of(request, answer, hints, index))];
        var usage = ChatUsage.Of(request, answer, choices);
        kept.Said = choices is [var first, ..] ? first.Content ?? first.Refusal ?? "" : "";
        (kept.PromptTokens, kept.CompletionTokens) = (usage.PromptTokens, usage.CompletionTokens);
        var id = string.Create(CultureInfo.InvariantCulture, $"chatcmpl-{kept.Sequence:x12}");
        var said = new ChatAnswer(id, clock.GetUtcNow().ToUnixTimeSeconds(), request.Model, choices, answer.HidesUsage ? null : usage);
        if (request.Streams) return await Stream(context, said, request.IncludesUsage, answer.Kind, kept, ct);
        if (answer.Kind is not (ModelAnswerKind.CloseMidStream or ModelAnswerKind.HangMidStream))
            return await Write(context, new Reply(200, said.Whole()), kept);

        var whole = said.Whole();
        Head(context, 200, "application/json; charset=utf-8", null);
        context.Response.ContentLength = whole.Length;
        await context.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2), ct);
        return await BreakOff(context, answer.Kind, ct);
    }

    private static async Task<bool> Stream(
        HttpContext context, ChatAnswer said, bool includesUsage, ModelAnswerKind kind, ModelRequest kept, CancellationToken ct)
    {
        Head(context, 200, "text/event-stream; charset=utf-8", null);
        kept.Status = 200;
        var chunks = said.Chunks(includesUsage).ToList();
        var breaksAt = kind is ModelAnswerKind.CloseMidStream or ModelAnswerKind.HangMidStream ? chunks.Count / 2 : int.MaxValue;
        for (var index = 0; index < chunks.Count; index++)
        {
            if (index == breaksAt) return await BreakOff(context, kind, ct);

            byte[] line = [.. "data: "u8, .. chunks[index], .. "\n\n"u8];
            await context.Response.Body.WriteAsync(line, ct);
            await context.Response.Body.FlushAsync(ct);
        }

        // Marked before the last bytes leave: whoever has read them finds it so.
        kept.Answered = true;
        await context.Response.Body.WriteAsync("data: [DONE]\n\n"u8.ToArray(), ct);
        return true;
    }

    /// <summary>What was written so far reaches the caller first.</summary>
    private static async Task<bool> BreakOff(HttpContext context, ModelAnswerKind kind, CancellationToken ct)
    {
        await context.Response.Body.FlushAsync(ct);
        if (kind == ModelAnswerKind.HangMidStream) await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        return false;
    }

    private static async Task<bool> Write(HttpContext context, Reply reply, ModelRequest? kept)
    {
        Head(context, reply.Status, reply.ContentType, reply.RetryAfter);
        context.Response.ContentLength = reply.Body.Length;
        if (kept is not null) (kept.Status, kept.Answered) = (reply.Status, !context.RequestAborted.IsCancellationRequested);
        await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
        return true;
    }

    private static void Head(HttpContext context, int status, string contentType, string? retryAfter)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        headers["x-request-id"] = $"req_{context.TraceIdentifier}";
        headers["openai-version"] = "2020-10-01";
        headers["x-ratelimit-limit-requests"] = "500";
        headers["x-ratelimit-remaining-requests"] = status == 429 ? "0" : "499";
        headers["x-ratelimit-reset-requests"] = retryAfter is null ? "120ms" : $"{retryAfter}s";
        headers["x-ratelimit-limit-tokens"] = "200000";
        headers["x-ratelimit-remaining-tokens"] = "199000";
        headers["x-ratelimit-reset-tokens"] = "300ms";
        if (retryAfter is not null) headers.RetryAfter = retryAfter;
    }

    private static Reply Models() => new(200, Encoding.UTF8.GetBytes(
        """{"object":"list","data":[{"id":"gpt-4o-mini","object":"model","created":1721172741,"owned_by":"simulator"}]}"""));
}
