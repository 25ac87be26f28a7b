using System.Diagnostics;
using System.Diagnostics.Metrics;
using MassMessaging.Assistant.Model;
using MassMessaging.Assistant.Writing;
using MassMessaging.Kernel;

namespace MassMessaging.Assistant;

internal static class AssistantMeter
{
    private static readonly Meter Meter = new("MassMessaging.Assistant");

    /// <summary>
    /// Requests by <c>kind</c>, <c>outcome</c> (accepted, cached, fallback, cancelled, failed, or a problem's code), <c>objective</c> and
    /// <c>tone</c>, these two as <see cref="CommonWords"/> has them.
    /// </summary>
    private static readonly Counter<long> Generations =
        Meter.CreateCounter<long>("massmessaging.assistant.generations", "{request}", "Requests to the assistant.");

    /// <summary>By <c>kind</c> and <c>outcome</c>.</summary>
    private static readonly Histogram<double> Duration =
        Meter.Seconds("massmessaging.assistant.duration", "Time of a request to the assistant, with all of its calls.");

    /// <summary>By <c>direction</c>, prompt or completion, <c>model</c> and <c>profile</c>.</summary>
    private static readonly Counter<long> Tokens =
        Meter.CreateCounter<long>("massmessaging.assistant.tokens", "{token}", "Tokens that calls to the model used.");

    public static void Count(Commission commission, string outcome, TimeSpan took)
    {
        if (Duration.Enabled) Duration.Record(took.TotalSeconds, new("kind", commission.Kind), new("outcome", outcome));
        if (!Generations.Enabled) return;

        TagList tags = new()
        {
            { "kind", commission.Kind }, { "outcome", outcome }, { "objective", CommonWords.Objective(commission.Objective) },
            { "tone", CommonWords.Tone(commission.Tone) },
        };
        Generations.Add(1, tags);
    }

    public static void Count(Guid profile, TokenUsage usage, string model)
    {
        if (!Tokens.Enabled) return;

        Tokens.Add(usage.PromptTokens, new("direction", "prompt"), new("model", model), new("profile", profile));
        Tokens.Add(usage.CompletionTokens, new("direction", "completion"), new("model", model), new("profile", profile));
    }
}
