using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace MassMessaging.Assistant.Model;

/// <summary>
/// Chat completions through OpenAI's own client, at OpenAI or at any server that speaks the same. The client's retries are off: each call is
/// reserved, counted and cancelled by itself.
/// </summary>
public sealed class OpenAiChat : IChatModel, IDisposable
{
    private readonly HttpClient http;
    private readonly ChatClient client;
    private volatile bool takesSchemas = true;

    public OpenAiChat(AssistantOptions options)
    {
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirect would carry the key elsewhere
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(), // our traces are nobody else's
            UseCookies = false,
            UseProxy = !options.BaseUrl.IsLoopback,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client = new ChatClient(options.Model, new ApiKeyCredential(options.ApiKey ?? "none"), new OpenAIClientOptions
        {
            Endpoint = options.BaseUrl,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            Transport = new HttpClientPipelineTransport(http),
        });
    }

    public void Dispose() => http.Dispose();

    public async Task<ChatAnswer> Ask(ChatQuestion question, Func<string, ValueTask>? onText, CancellationToken ct)
    {
        try
        {
            return await Call(question, onText, ct);
        }
        catch (ClientResultException refused) when (takesSchemas && SpeaksOfFormats(refused))
        {
            takesSchemas = false; // an older server: the schema stands in the prompt as well
            return await Ask(question, onText, ct);
        }
        catch (ClientResultException refused)
        {
            return ModelFailure.Of(refused);
        }
        catch (Exception broken) when (!ct.IsCancellationRequested)
        {
            return ModelFailure.Of(broken);
        }
    }

    private Task<ChatAnswer> Call(ChatQuestion question, Func<string, ValueTask>? onText, CancellationToken ct)
    {
        List<ChatMessage> messages = [new SystemChatMessage(question.System), .. question.Turns.Select(Message)];
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = question.MostTokens,
            ResponseFormat = takesSchemas
                ? ChatResponseFormat.CreateJsonSchemaFormat(question.SchemaName, BinaryData.FromString(question.Schema), null, true)
                : ChatResponseFormat.CreateJsonObjectFormat(),
        };
        return onText is null ? Whole(messages, options, ct) : Streamed(messages, options, onText, ct);
    }

    private async Task<ChatAnswer> Whole(List<ChatMessage> messages, ChatCompletionOptions options, CancellationToken ct)
    {
        ChatCompletion completion = await client.CompleteChatAsync(messages, options, ct);
        var text = string.Concat(completion.Content.Select(part => part.Text));
        return Judged(completion.FinishReason, text, completion.Refusal, Usage(completion.Usage), completion.Model);
    }

    private async Task<ChatAnswer> Streamed(
        List<ChatMessage> messages, ChatCompletionOptions options, Func<string, ValueTask> onText, CancellationToken ct)
    {
        var (text, refusal) = (new StringBuilder(), new StringBuilder());
        var (usage, model, reason) = ((ChatTokenUsage?)null, (string?)null, (ChatFinishReason?)null);
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options, ct))
        {
            (usage, model, reason) = (update.Usage ?? usage, update.Model ?? model, update.FinishReason ?? reason);
            refusal.Append(update.RefusalUpdate);
            foreach (var piece in update.ContentUpdate.Select(part => part.Text).Where(piece => piece?.Length > 0))
            {
                text.Append(piece);
                await onText(piece);
            }
        }

        return reason is { } known
            ? Judged(known, text.ToString(), refusal.ToString(), Usage(usage), model)
            : ModelFailure.CutShort(Usage(usage), model);
    }

    private static ChatAnswer Judged(
        ChatFinishReason reason, string text, string? refusal, TokenUsage? usage, string? model) => reason switch
        {
            _ when !string.IsNullOrEmpty(refusal) => new(ChatOutcome.Refused, refusal, usage, model),
            ChatFinishReason.ContentFilter => new(ChatOutcome.Refused, "The provider's content filter stopped the answer.", usage, model),
            ChatFinishReason.Length => new(ChatOutcome.CutOff, text, usage, model),
            _ => new(ChatOutcome.Answered, text, usage, model),
        };

    private static bool SpeaksOfFormats(ClientResultException refused) =>
        refused.Status == 400 && ModelFailure.Body(refused) is { } body
        && (body.Contains("response_format", StringComparison.OrdinalIgnoreCase)
            || body.Contains("json_schema", StringComparison.OrdinalIgnoreCase));

    private static TokenUsage? Usage(ChatTokenUsage? usage) => usage is null ? null : new(usage.InputTokenCount, usage.OutputTokenCount);

    private static ChatMessage Message(ChatTurn turn) =>
        turn.IsModels ? new AssistantChatMessage(turn.Text) : new UserChatMessage(turn.Text);
}
