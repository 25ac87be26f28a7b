namespace MassMessaging.Kernel;

/// <summary>
/// The end of this node: from <see cref="Begun"/> on nothing new is taken up, what is under way may go on until <see cref="Over"/>, and what
/// is left then is given up or given back.
/// </summary>
public sealed class Draining(KernelOptions options) : IDisposable
{
    private readonly CancellationTokenSource begun = new();
    private readonly CancellationTokenSource over = new();
    private int isBegun;

    public CancellationToken Begun => begun.Token;

    /// <summary><see cref="KernelOptions.DrainLimit"/> after it has begun, or sooner if whoever stops the node has lost patience.</summary>
    public CancellationToken Over => over.Token;

    /// <summary>Once: the limit counts from the first time.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref isBegun, 1) == 1) return;

        over.CancelAfter(options.DrainLimit);
        begun.Cancel();
    }

    public void CutShort() => over.Cancel();

    public void Dispose()
    {
        begun.Dispose();
        over.Dispose();
    }
}
