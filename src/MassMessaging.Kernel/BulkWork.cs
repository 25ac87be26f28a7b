using System.Diagnostics;

namespace MassMessaging.Kernel;

/// <summary>Whether this node copies many rows in just now: what is not urgent then leaves most of the processors to it.</summary>
internal sealed class BulkWork
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMilliseconds(500);

    private long lastAt = Stopwatch.GetTimestamp() - (10 * Stopwatch.Frequency);

    public bool IsUnderWay => Stopwatch.GetElapsedTime(Volatile.Read(ref lastAt)) < Lasts;

    public void Note() => Volatile.Write(ref lastAt, Stopwatch.GetTimestamp());
}
