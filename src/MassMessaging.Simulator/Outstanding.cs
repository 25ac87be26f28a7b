namespace MassMessaging.Simulator;

/// <summary>Counts what is still to happen (receipts, webhooks and their retries): specs wait on it, and never sleep.</summary>
public sealed class Outstanding
{
    private readonly Lock gate = new();
    private long count;
    private TaskCompletionSource? idle;

    public long Count => Interlocked.Read(ref count);

    public void Enter() => Interlocked.Increment(ref count);

    public void Leave()
    {
        if (Interlocked.Decrement(ref count) != 0) return;

        lock (gate)
        {
            if (Count != 0) return;

            idle?.TrySetResult();
            idle = null;
        }
    }

    public Task Idle(CancellationToken ct)
    {
        lock (gate)
        {
            if (Count == 0) return Task.CompletedTask;

            idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return idle.Task.WaitAsync(ct);
        }
    }
}
