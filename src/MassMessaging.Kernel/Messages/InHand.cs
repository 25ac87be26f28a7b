using System.Collections.Concurrent;

namespace MassMessaging.Kernel.Messages;

/// <summary>What this node holds, in all queues: renewed by the heartbeat, given back at the end.</summary>
internal sealed class InHand : IDisposable
{
    private readonly ConcurrentDictionary<long, Held> held = new();
    private readonly WakeSignal emptied = new();
    private long taken;
    private int entered;

    /// <summary>How many were ever taken in hand: unchanged over a while, nothing was claimed in it.</summary>
    public long Taken => Interlocked.Read(ref taken);

    public IReadOnlyCollection<Held> All => [.. held.Values];

    public void Add(IReadOnlyList<Held> batch)
    {
        foreach (var message in batch) held[message.Id] = message;
        Interlocked.Add(ref taken, batch.Count);
    }

    /// <summary>Somebody takes messages without a lease, until <see cref="Leave"/>.</summary>
    public void Enter() => Interlocked.Increment(ref entered);

    public void Took(int batch) => Interlocked.Add(ref taken, batch);

    public void Leave()
    {
        if (Interlocked.Decrement(ref entered) == 0 && held.IsEmpty) emptied.Raise();
    }

    public void Remove(IReadOnlyList<Held> batch)
    {
        foreach (var message in batch) held.TryRemove(KeyValuePair.Create(message.Id, message));
        if (held.IsEmpty) emptied.Raise();
    }

    public async Task WhenEmpty(CancellationToken ct)
    {
        while (!held.IsEmpty || Volatile.Read(ref entered) > 0) await emptied.Wait(TimeSpan.FromMilliseconds(50), ct);
    }

    public void Dispose() => emptied.Dispose();
}
