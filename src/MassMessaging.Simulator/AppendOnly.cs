namespace MassMessaging.Simulator;

/// <summary>A growing log whose readers never block a writer for longer than one append: slots below the count never change.</summary>
internal sealed class AppendOnly<T>
{
    private readonly Lock gate = new();
    private T[] items = new T[1024];
    private int count;
    private long last;

    public T Append<TState>(TState state, Func<long, TState, T> create)
    {
        lock (gate)
        {
            if (count == items.Length) Array.Resize(ref items, count * 2);
            return items[count++] = create(++last, state);
        }
    }

    public ArraySegment<T> Read()
    {
        lock (gate) return new ArraySegment<T>(items, 0, count);
    }

    /// <summary>Sequence numbers go on: what is asked for `after` a number stays after it.</summary>
    public void Clear()
    {
        lock (gate)
        {
            items = new T[1024];
            count = 0;
        }
    }
}
