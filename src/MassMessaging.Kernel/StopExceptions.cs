namespace MassMessaging.Kernel;

public static class StopExceptions
{
    /// <summary>
    /// Tells a stop from a time limit, which comes as the same exception: a background service that lets the limit's through takes the whole
    /// service down.
    /// </summary>
    public static bool IsStop(this Exception failure, CancellationToken stop) => failure is OperationCanceledException && stop.IsCancellationRequested;
}
