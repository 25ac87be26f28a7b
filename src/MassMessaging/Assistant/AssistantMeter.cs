using System.Diagnostics.Metrics;
using MassMessaging.Assistant.Model;

namespace MassMessaging.Assistant;

internal static class AssistantMeter
{
    private static readonly Meter Meter = new("MassMessaging.Assistant");

    /// <summary>Requests by <c>kind</c> and <c>outcome</c>: accepted, cached, fallback, cancelled, failed, or a problem's code.</summary>
    private static readonly Counter<long> Generations = Meter.CreateCounter<long>("massmessaging.assistant.generations");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("massmessaging.assistant.duration", "s");

    /// <summary>
    /// By <c>direction</c>, prompt or completion, and <c>model</c>. Whose they are is in the log: a tag for each user grows for ever.
    /// </summary>
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("massmessaging.assistant.tokens");

    public static void Count(string kind, string outcome, TimeSpan took)
    {
        KeyValuePair<string, object?>[] tags = [new("kind", kind), new("outcome", outcome)];
        Generations.Add(1, tags);
        Duration.Record(took.TotalSeconds, tags);
    }

    public static void Count(TokenUsage usage, string model)
    {
        Tokens.Add(usage.PromptTokens, new("direction", "prompt"), new("model", model));
        Tokens.Add(usage.CompletionTokens, new("direction", "completion"), new("model", model));
    }
}
