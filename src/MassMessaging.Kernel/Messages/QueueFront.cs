namespace MassMessaging.Kernel.Messages;

/// <summary>
/// Where a queue's next look begins. What was deleted stays in the index until the table is vacuumed, once a minute at best: from the
/// queue's beginning each look would pass over all of it. So it begins where the last batch did. What is older all the same (committed
/// late, or given back) is found from the beginning: by the next look of a new second, and when a look finds nothing else.
/// </summary>
internal sealed class QueueFront(TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Lock one = new();
    private QueuePlace? first;
    private long begunAt;

    /// <summary>Null: at the beginning.</summary>
    public QueuePlace? Next()
    {
        lock (one)
        {
            if (first is not null && clock.GetElapsedTime(begunAt) < Longest) return first;

            begunAt = clock.GetTimestamp();
            return null;
        }
    }

    /// <param name="oldest">Of what a look has found; null: nothing.</param>
    public void Found(QueuePlace? oldest)
    {
        lock (one) first = oldest;
    }
}

/// <summary>In the order that a queue's messages are taken in.</summary>
internal sealed record QueuePlace(DateTime ScheduledFor, long Id);
