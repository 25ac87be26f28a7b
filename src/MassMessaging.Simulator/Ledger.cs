namespace MassMessaging.Simulator;

/// <summary>The outside witness: every send that the gateway took, and every request that reached it, on the gateway's own clock.</summary>
public sealed class Ledger(TimeProvider clock)
{
    private readonly AppendOnly<LedgerEntry> entries = new();
    private readonly AppendOnly<ReceivedSend> received = new();

    /// <summary>Microseconds of the machine's monotonic clock, the unit of every `…Micros`.</summary>
    public long Micros => (long)(clock.GetTimestamp() * (1_000_000.0 / clock.TimestampFrequency));

    public IReadOnlyList<LedgerEntry> Entries => entries.Read();

    public IReadOnlyList<ReceivedSend> Received => received.Read();

    public IReadOnlyList<LedgerEntry> Of(string? instance, long after = 0, int limit = int.MaxValue) =>
        [.. entries.Read().Where(entry => entry.Sequence > after && (instance is null || entry.Instance == instance)).Take(limit)];

    public IReadOnlyList<ReceivedSend> ReceivedBy(string? instance, long after = 0, int limit = int.MaxValue) =>
        [.. received.Read().Where(send => send.Sequence > after && (instance is null || send.Instance == instance)).Take(limit)];

    public void Clear()
    {
        entries.Clear();
        received.Clear();
    }

    internal ReceivedSend Receive(string instance) => received.Append(
        (instance, micros: Micros, at: clock.GetUtcNow()),
        static (sequence, state) => new ReceivedSend(sequence, state.instance, state.micros, state.at));

    internal LedgerEntry Take(LedgerEntry draft) => entries.Append(draft, static (sequence, entry) => entry with { Sequence = sequence });

    internal ArraySegment<LedgerEntry> Read() => entries.Read();
}
