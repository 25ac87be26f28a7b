namespace MassMessaging.Simulator;

/// <summary>What is to happen later. One heap and one timer: a timer per receipt would not keep up with 20,000 sends a second.</summary>
public sealed class Agenda : IDisposable
{
    private readonly TimeProvider clock;
    private readonly Outstanding outstanding;
    private readonly Lock gate = new();
    private readonly PriorityQueue<Action, long> entries = new();
    private readonly ITimer timer;
    private long armedFor = long.MaxValue;
    private bool closed;

    public Agenda(TimeProvider clock, Outstanding outstanding)
    {
        this.clock = clock;
        this.outstanding = outstanding;
        timer = clock.CreateTimer(static agenda => ((Agenda)agenda!).RunDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void In(TimeSpan delay, Action action)
    {
        lock (gate)
        {
            if (closed) return;

            outstanding.Enter();
            var due = clock.GetTimestamp() + (long)(delay.TotalSeconds * clock.TimestampFrequency);
            entries.Enqueue(action, due);
            if (due < armedFor) Arm(due);
        }
    }

    public void Dispose()
    {
        lock (gate) closed = true;
        timer.Dispose();
    }

    private void RunDue()
    {
        while (TakeDue() is { } action)
        {
            try
            {
                action();
            }
            finally
            {
                outstanding.Leave();
            }
        }
    }

    private Action? TakeDue()
    {
        lock (gate)
        {
            if (closed || !entries.TryPeek(out var action, out var due))
            {
                armedFor = long.MaxValue;
                return null;
            }

            if (due > clock.GetTimestamp())
            {
                Arm(due);
                return null;
            }

            entries.Dequeue();
            return action;
        }
    }

    private void Arm(long due)
    {
        armedFor = due;
        var wait = clock.GetElapsedTime(clock.GetTimestamp(), due);
        // Rounded up: a timer truncates to whole milliseconds, and would fire once too early for nothing.
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }
}
