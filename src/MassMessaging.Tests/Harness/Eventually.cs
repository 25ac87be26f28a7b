namespace MassMessaging.Tests.Harness;

/// <summary>
/// Waits for a condition of another process, which cannot signal to us. Within this process, wait on a signal or drain instead.
/// </summary>
public static class Eventually
{
    private const int BusyMachine = 4; // times slower than a quiet one
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Fails with the last exception of the condition, if it threw, when the time is over.
    /// </summary>
    /// <param name="within">On a quiet machine; a busy one is given more.</param>
    public static async Task True(Func<Task<bool>> condition, TimeSpan within, string what)
    {
        using var timer = new PeriodicTimer(Between);
        using var patience = new CancellationTokenSource(within * BusyMachine);
        Exception? last = null;
        try
        {
            while (true)
            {
                last = null;
                try
                {
                    if (await condition()) return;
                }
                catch (Exception failed)
                {
                    last = failed;
                }

                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {within}: {what}", last);
        }
    }
}
