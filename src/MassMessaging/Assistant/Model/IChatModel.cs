namespace MassMessaging.Assistant.Model;

/// <summary>A language model, whoever's. One call, never repeated by itself: what it costs is known to who asked.</summary>
public interface IChatModel
{
    /// <param name="question">What the model is told, and the shape that its answer must have.</param>
    /// <param name="onText">Then the answer is streamed: called with each piece of it.</param>
    /// <param name="ct">Stops the call, also at the model's.</param>
    /// <exception cref="OperationCanceledException">Only by <paramref name="ct"/>.</exception>
    Task<ChatAnswer> Ask(ChatQuestion question, Func<string, ValueTask>? onText, CancellationToken ct);
}

/// <param name="Turns">After the system's: the user's words, and the model's own with what was wrong with them.</param>
/// <param name="SchemaName">Letters, digits and underscores.</param>
/// <param name="Schema">JSON schema in the strict form: all fields required, no others.</param>
/// <param name="MostTokens">Of the answer.</param>
public sealed record ChatQuestion(string System, IReadOnlyList<ChatTurn> Turns, string SchemaName, string Schema, int MostTokens)
{
    /// <summary>As it is kept in the log.</summary>
    public string Text => string.Join(
        "\n\n", Turns.Select(turn => $"## {(turn.IsModels ? "assistant" : "user")}\n{turn.Text}").Prepend($"## system\n{System}"));

    /// <summary>No tokenizer makes more tokens than the text has bytes; each turn has a few around it.</summary>
    public int MostPromptTokens => Bytes(System) + Bytes(Schema) + Turns.Sum(turn => Bytes(turn.Text)) + (16 * (Turns.Count + 2));

    private static int Bytes(string text) => global::System.Text.Encoding.UTF8.GetByteCount(text);
}

public sealed record ChatTurn(bool IsModels, string Text);

public enum ChatOutcome
{
    /// <summary>An answer, whole.</summary>
    Answered,

    /// <summary>The model, or a filter before it, would not: <see cref="ChatAnswer.Text"/> is what it said about it.</summary>
    Refused,

    /// <summary>The answer was cut off at its longest.</summary>
    CutOff,

    /// <summary>The server asks to wait.</summary>
    Throttled,

    /// <summary>The server failed or cannot be reached: another try may go well.</summary>
    Failed,

    /// <summary>The server does not take the key, the model's name, or the request.</summary>
    Rejected,
}

/// <param name="Text">Of the answer, or of the refusal, or a sentence about the failure that holds nothing of the server's.</param>
/// <param name="Usage">Null when the server did not tell.</param>
/// <param name="IsFree">The server refused before any work: there is nothing to pay.</param>
public sealed record ChatAnswer(
    ChatOutcome Outcome, string Text, TokenUsage? Usage = null, string? Model = null, TimeSpan? RetryAfter = null, bool IsFree = false);

public sealed record TokenUsage(int PromptTokens, int CompletionTokens);
