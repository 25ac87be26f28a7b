using System.Collections.Immutable;

namespace MassMessaging.Simulator;

/// <summary>One send that the gateway took: it is on its way to the person, whether or not the caller ever heard so.</summary>
/// <param name="Sequence">From 1, in the order in which the sends were taken.</param>
/// <param name="InstanceId">The gateway's id of the instance: a deleted and recreated instance of the same name has another one.</param>
/// <param name="Number">Digits of the number that the caller gave.</param>
/// <param name="Jid">Where WhatsApp says that the person is; may have a digit more or less.</param>
/// <param name="ReceivedMicros">When the headers had arrived, on the machine's monotonic clock (comparable between processes).</param>
/// <param name="TakenMicros">When the message was handed to WhatsApp: later by the caller's `delay`.</param>
/// <param name="Fault">The fault that the answer met, by its wire name.</param>
/// <param name="Stored">Whether the gateway has a row for it: one that died before it has none, and its statuses are lost.</param>
public sealed record LedgerEntry(
    long Sequence,
    string Instance,
    string InstanceId,
    string Number,
    string Jid,
    string Text,
    string KeyId,
    long ReceivedMicros,
    long TakenMicros,
    DateTimeOffset ReceivedAt,
    string? Fault,
    bool Stored)
{
    private ImmutableArray<string> statuses = [];

    /// <summary>Cloud API: the template that the text was rendered from; null: a text.</summary>
    public string? Template { get; init; }

    /// <summary>Whether the answer was written in full to a caller that was still there.</summary>
    public bool Answered { get; internal set; }

    /// <summary>The gateway's `MessageUpdate` rows, in the order in which they came.</summary>
    public ImmutableArray<string> Statuses => statuses;

    internal void Add(string status) => ImmutableInterlocked.Update(ref statuses, static (known, added) => known.Add(added), status);
}

/// <summary>One request that reached a `/message/*` route, whatever became of it.</summary>
public sealed record ReceivedSend(long Sequence, string Instance, long ReceivedMicros, DateTimeOffset ReceivedAt)
{
    /// <summary>Digits; null until the body was read, and for good if it could not be.</summary>
    public string? Number { get; internal set; }

    /// <summary>The HTTP status that was answered; 0 while it is held, and when the connection was closed instead.</summary>
    public int Status { get; internal set; }

    public bool Taken { get; internal set; }
}
