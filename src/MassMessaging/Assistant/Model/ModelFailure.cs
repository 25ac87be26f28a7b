using System.ClientModel;
using System.Globalization;

namespace MassMessaging.Assistant.Model;

/// <summary>What a failed call means. The sentences are ours: what the server says may hold the key, or the prompt.</summary>
internal static class ModelFailure
{
    private static readonly string[] PolicyWords = ["content_policy", "content_filter", "moderation"];

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public static ChatAnswer Of(ClientResultException refused) => refused.Status switch
    {
        400 or 403 when IsPolicy(refused) =>
            new(ChatOutcome.Refused, "The provider's content policy refused the request.", IsFree: true),
        401 or 403 => new(ChatOutcome.Rejected, "The model's server does not take the service's key.", IsFree: true),
        404 => new(ChatOutcome.Rejected, "The model's server does not know the model that is configured.", IsFree: true),
        429 => new(ChatOutcome.Throttled, "The model's server asks to wait.", RetryAfter: WaitOf(refused), IsFree: true),
        // Busy before any work. Any other of these may come after it: a gateway that waited no longer does not unmake the bill.
        >= 500 => new(
            ChatOutcome.Failed, $"The model's server failed ({refused.Status}).", RetryAfter: WaitOf(refused), IsFree: refused.Status == 503),
        >= 400 => new(ChatOutcome.Rejected, $"The model's server does not take the request ({refused.Status}).", IsFree: true),
        _ => new(ChatOutcome.Failed, "The model's server gave no answer that could be read."),
    };

    /// <summary>Nobody knows whether the model worked for it, unless it never heard of it.</summary>
    public static ChatAnswer Of(Exception broken) => Innermost(broken) is System.Net.Sockets.SocketException
        ? new(ChatOutcome.Failed, "The model's server cannot be reached.", IsFree: true)
        : new(ChatOutcome.Failed, "The model's server gave no answer that could be read.");

    public static ChatAnswer CutShort(TokenUsage? usage, string? model) =>
        new(ChatOutcome.Failed, "The model's server ended its answer in the middle.", usage, model);

    public static string? Body(ClientResultException refused) => refused.GetRawResponse()?.Content.ToString();

    private static bool IsPolicy(ClientResultException refused) =>
        Body(refused) is { } body
        && Array.Exists(PolicyWords, word => body.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static TimeSpan? WaitOf(ClientResultException refused) =>
        refused.GetRawResponse()?.Headers.TryGetValue("retry-after", out var value) == true
        && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds))
            : null;

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return error;
    }
}
