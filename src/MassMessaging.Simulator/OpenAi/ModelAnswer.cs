using System.Collections.Frozen;
using System.Text.Json;

namespace MassMessaging.Simulator.OpenAi;

/// <summary>What the model does with a request. Everything but <see cref="Drafts"/> goes wrong.</summary>
public enum ModelAnswerKind
{
    /// <summary>Plausible messages that fit the asked schema.</summary>
    Drafts,
    /// <summary>The content is <see cref="ModelAnswer.Text"/>, whatever was asked for.</summary>
    Raw,
    /// <summary>Fits the schema; its messages are <see cref="ModelAnswer.Texts"/>, one after the other and from the first again.</summary>
    Texts,
    TooMany,
    /// <summary>429 `insufficient_quota`: the account has no money left, and waiting does not help.</summary>
    QuotaSpent,
    Unauthorized,
    BadRequest,
    /// <summary>400 `content_policy_violation`: refused before the model saw it.</summary>
    PolicyRejected,
    ServerError,
    BadGateway,
    Overloaded,
    /// <summary>Never answers; ends when the caller goes.</summary>
    Hang,
    /// <summary>Half of the answer, then nothing.</summary>
    HangMidStream,
    CloseBefore,
    CloseMidStream,
    /// <summary>`refusal` in place of content.</summary>
    Refusal,
    /// <summary>Half of the content, and `finish_reason: content_filter`.</summary>
    ContentFilter,
    /// <summary>Half of the content, and `finish_reason: length`.</summary>
    Truncated,
    MalformedJson,
    /// <summary>JSON, but of another shape than the asked one.</summary>
    WrongSchema,
    /// <summary>`content: null`.</summary>
    NoContent,
    /// <summary>`choices: []`.</summary>
    NoChoices,
    HealthClaim,
    IncomeClaim,
    GuaranteedResult,
    Link,
    Phone,
    UnknownVariable,
    MissingVariable,
    TooLong,
    WrongLanguage,
    /// <summary>The same message again and again, with other punctuation.</summary>
    Duplicates,
    EmptyMessage,
    /// <summary>The model does what the untrusted part of the prompt tells it to: see <see cref="Obedience"/>.</summary>
    Obey,
    /// <summary>Its messages quote the prompt.</summary>
    LeakPrompt,
}

/// <summary>One scripted answer.</summary>
/// <param name="Times">For the next so many requests that it meets; null: until it is cleared.</param>
/// <param name="Text">The content of <see cref="ModelAnswerKind.Raw"/>, or the message of an error or a refusal.</param>
/// <param name="When">Only requests whose messages contain this text, in any case.</param>
/// <param name="RetryAfterSeconds">Of 429 and 503.</param>
/// <param name="DelayMilliseconds">Before the answer begins.</param>
/// <param name="PromptTokens">In place of the counted ones; so <paramref name="CompletionTokens"/>.</param>
/// <param name="HidesUsage">The answer has no `usage`, as that of some compatible servers.</param>
public sealed record ModelAnswer(
    ModelAnswerKind Kind,
    int? Times = 1,
    string? Text = null,
    IReadOnlyList<string>? Texts = null,
    string? When = null,
    int RetryAfterSeconds = 1,
    int DelayMilliseconds = 0,
    int? PromptTokens = null,
    int? CompletionTokens = null,
    bool HidesUsage = false)
{
    public static ModelAnswer Default { get; } = new(ModelAnswerKind.Drafts, Times: null);

    /// <summary>`too_many` and its like, as spoken over HTTP.</summary>
    public string Name => ModelAnswerNames.Of(Kind);
}

public static class ModelAnswerNames
{
    private static readonly FrozenDictionary<ModelAnswerKind, string> Names = Enum.GetValues<ModelAnswerKind>()
        .ToFrozenDictionary(kind => kind, kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));

    private static readonly FrozenDictionary<string, ModelAnswerKind> Kinds =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static IEnumerable<string> All => Names.OrderBy(pair => pair.Key).Select(pair => pair.Value);

    public static string Of(ModelAnswerKind kind) => Names[kind];

    public static bool TryParse(string? name, out ModelAnswerKind kind)
    {
        kind = default;
        return name is not null && Kinds.TryGetValue(name, out kind);
    }
}
