namespace MassMessaging.Kernel;

/// <summary>
/// The end of this node: from <see cref="Begun"/> on nothing new is taken up, what is under way may go on until <see cref="Over"/>, and what
/// is left then is given up or given back.
/// </summary>
public sealed class Draining : IDisposable
{
    private readonly KernelOptions options;
    private readonly CancellationTokenSource begun = new();
    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource limit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int isBegun;
    private bool isDisposed;

    public Draining(KernelOptions options)
    {
        this.options = options;
        (Begun, Over) = (begun.Token, over.Token); // asked for even by who stops a node a second time, behind its disposal
    }

    public CancellationToken Begun { get; }

    /// <summary><see cref="KernelOptions.DrainLimit"/> after it has begun, or sooner if whoever stops the node has lost patience.</summary>
    public CancellationToken Over { get; }

    /// <summary>Ends as <see cref="Over"/> begins, however long those who listen to that take.</summary>
    public Task Limit => limit.Task;

    /// <summary>Once: the limit counts from the first time. Waits for nobody: to cancel a statement takes as long as the server's answer.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref isBegun, 1) == 1) return;

        _ = begun.CancelAsync();
        _ = End();
    }

    public void CutShort() => cut.TrySetResult();

    public void Dispose()
    {
        isDisposed = true;
        begun.Dispose();
        over.Dispose();
    }

    private async Task End()
    {
        await Task.WhenAny(Task.Delay(options.DrainLimit), cut.Task);
        limit.TrySetResult();
        if (!isDisposed) await over.CancelAsync();
    }
}
