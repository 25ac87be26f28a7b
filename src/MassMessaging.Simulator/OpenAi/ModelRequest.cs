namespace MassMessaging.Simulator.OpenAi;

/// <summary>One message of a prompt.</summary>
public sealed record PromptMessage(string Role, string Content);

/// <summary>One request that reached `/openai/v1/chat/completions` with a valid key and a readable body.</summary>
/// <param name="Sequence">From 1, in the order in which they came.</param>
/// <param name="Body">As it was sent.</param>
/// <param name="Answer">The wire name of what was answered.</param>
public sealed record ModelRequest(
    long Sequence,
    DateTimeOffset ReceivedAt,
    string Model,
    IReadOnlyList<PromptMessage> Messages,
    string? SchemaName,
    int? MaxTokens,
    bool Streamed,
    string Body,
    string Answer)
{
    /// <summary>Everything that the model was told, in one text.</summary>
    public string Prompt => string.Join("\n", Messages.Select(message => message.Content));

    /// <summary>0 while it is held, and when the connection was closed instead.</summary>
    public int Status { get; internal set; }

    /// <summary>Answered in full, to a caller that was still there.</summary>
    public bool Answered { get; internal set; }

    /// <summary>The caller went away before the answer was complete.</summary>
    public bool Disconnected { get; internal set; }

    /// <summary>What the model said, in its first choice; empty for an error.</summary>
    public string Said { get; internal set; } = "";

    public int PromptTokens { get; internal set; }

    public int CompletionTokens { get; internal set; }
}
