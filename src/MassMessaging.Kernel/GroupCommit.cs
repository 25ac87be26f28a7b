using System.Diagnostics;

namespace MassMessaging.Kernel;

/// <summary>
/// Gathers single writes into batches: starts at once when idle, one batch in flight at a time, and no two starts closer than
/// <paramref name="linger"/> unless a batch is full. The cost of a commit is shared by all that arrive meanwhile.
/// </summary>
/// <param name="most">Most items in one batch.</param>
/// <param name="linger">How long a waiting item may wait for company.</param>
/// <param name="write">Writes and commits one batch; what it throws, every item of the batch throws.</param>
public sealed class GroupCommit<T>(int most, TimeSpan linger, Func<IReadOnlyList<T>, CancellationToken, Task> write)
{
    private readonly Lock gate = new();
    private readonly Queue<Entry> waiting = [];
    private TaskCompletionSource full = Signal();
    private bool isRunning;
    private long lastStart;

    /// <summary>
    /// Completes when the item's batch has committed. Cancelling drops an item that still waits; one whose batch is being written is
    /// waited for, since it may be committed already.
    /// </summary>
    public async Task Write(T item, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var entry = new Entry(item);
        lock (gate)
        {
            waiting.Enqueue(entry);
            if (waiting.Count >= most) full.TrySetResult();
            if (!isRunning) Start();
        }

        await using (ct.Register(() => entry.Drop(ct)))
            await entry.Written.Task;
    }

    // The caller's flow (its trace, its culture) belongs to its item, not to the batches of others.
    private void Start()
    {
        isRunning = true;
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(WriteAll);
    }

    private async Task WriteAll()
    {
        while (true)
        {
            await Gather();
            var batch = Take();
            if (batch is null) return;

            if (batch.Count > 0) await WriteOne(batch);
        }
    }

    private async Task Gather()
    {
        var rest = lastStart == 0 ? TimeSpan.Zero : linger - Stopwatch.GetElapsedTime(lastStart);
        if (rest <= TimeSpan.Zero) return;

        Task isFull;
        lock (gate)
        {
            if (waiting.Count is 0 || waiting.Count >= most) return;
            full = Signal();
            isFull = full.Task;
        }

        await isFull.WaitAsync(rest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Null when there is nothing left and the next write starts anew.</summary>
    private List<Entry>? Take()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                isRunning = false;
                return null;
            }

            var batch = new List<Entry>(Math.Min(most, waiting.Count));
            while (batch.Count < most && waiting.TryDequeue(out var entry))
            {
                if (entry.Take()) batch.Add(entry);
            }

            return batch;
        }
    }

    private async Task WriteOne(List<Entry> batch)
    {
        lastStart = Stopwatch.GetTimestamp();
        try
        {
            await write([.. batch.Select(entry => entry.Item)], CancellationToken.None);
            foreach (var entry in batch) entry.Written.TrySetResult();
        }
        catch (Exception e) // Belongs to those who wait for this batch; the next one goes on.
        {
            foreach (var entry in batch) entry.Written.TrySetException(e);
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Entry(T item)
    {
        private int isDecided;

        public T Item { get; } = item;

        public TaskCompletionSource Written { get; } = Signal();

        public bool Take() => Interlocked.Exchange(ref isDecided, 1) == 0;

        public void Drop(CancellationToken ct)
        {
            if (Take()) Written.TrySetCanceled(ct);
        }
    }
}
