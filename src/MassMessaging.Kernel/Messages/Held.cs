namespace MassMessaging.Kernel.Messages;

/// <summary>A claimed message: ours until its lease ends, or until its attempt moves in the table.</summary>
/// <param name="Attempt">The claim's number: never lowered, so it fences everything that this claim writes.</param>
/// <param name="Counted">Claims that count as attempts, this one included.</param>
/// <param name="IsSuspect">Its last holder vanished with it: it is handled alone, in case it kills processes.</param>
internal sealed record Held(
    long Id, QueueOptions Queue, MessageType Type, string? Key, bool IsOrdered, string Body,
    int Attempt, int Counted, int Generation, bool IsSuspect, string Actor, string? CorrelationId)
{
    /// <summary>The W3C trace context of whoever sent it.</summary>
    public string? Trace { get; init; }
}
