namespace MassMessaging.Kernel.Messages;

/// <summary>One listener's signal: raised any number of times, it ends one wait. A raise while nobody waits ends the next wait.</summary>
public sealed class WakeSignal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);
    private readonly Action<WakeSignal>? forget;
    private int isRaised;

    internal WakeSignal(Action<WakeSignal>? forget = null) => this.forget = forget;

    public void Raise()
    {
        if (Interlocked.Exchange(ref isRaised, 1) == 0) raised.Release();
    }

    /// <summary>
    /// True when raised; false after <paramref name="atMost"/> of the system's time, the safety net when a raise was lost.
    /// </summary>
    public async Task<bool> Wait(TimeSpan atMost, CancellationToken ct)
    {
        if (!await raised.WaitAsync(atMost, ct)) return false;

        Volatile.Write(ref isRaised, 0);
        return true;
    }

    public void Dispose() => forget?.Invoke(this);
}
