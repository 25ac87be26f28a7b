namespace MassMessaging.Kernel.Messages;

internal static class BackOff
{
    /// <summary>
    /// Doubles with every attempt up to the queue's most; jitter takes off up to half, so that what failed together does not return
    /// together.
    /// </summary>
    /// <param name="queue">Whose <c>BackOff</c> and <c>MaxBackOff</c> hold.</param>
    /// <param name="attempt">The one that failed, from 1.</param>
    /// <param name="random">0 to 1.</param>
    public static TimeSpan After(QueueOptions queue, int attempt, double random)
    {
        var doubled = queue.BackOff.TotalMilliseconds * Math.Pow(2, Math.Max(0, attempt - 1));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, queue.MaxBackOff.TotalMilliseconds) * (1 - (random / 2)));
    }
}
