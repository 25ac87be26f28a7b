using MassMessaging.Simulator;

namespace MassMessaging.Tests.Proof;

/// <summary>What the gateway saw of one message.</summary>
/// <param name="Micros">On the gateway's monotonic clock.</param>
/// <param name="At">On its wall clock.</param>
public readonly record struct Arrival(string Instance, string Number, string Text, long Micros, DateTimeOffset At)
{
    public static Arrival Of(LedgerEntry entry) => new(entry.Instance, entry.Number, entry.Text, entry.ReceivedMicros, entry.ReceivedAt);

    /// <summary>Also one that the gateway refused or never answered.</summary>
    public static Arrival Of(ReceivedSend send) => new(send.Instance, send.Number ?? "", "", send.ReceivedMicros, send.ReceivedAt);
}

/// <param name="Rule">The promise that was broken.</param>
/// <param name="Micros">Of the arrival that broke it, or of the first in the window that did.</param>
public sealed record Violation(string Rule, string Instance, long Micros, string What);
