using System.Runtime.CompilerServices;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>A history with its pauses. It reads a page, tells it, and waits between two events without holding anything.</summary>
/// <param name="trail">The history.</param>
/// <param name="clock">Waits by this one.</param>
/// <param name="speed">How many times faster than it was; 0 is without pauses.</param>
public sealed class Replay(AuditTrail trail, TimeProvider clock, double speed)
{
    /// <summary>Nights and weekends of a history are not waited out; shorter than what proxies take for a dead connection.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async IAsyncEnumerable<AuditAnswer> Events(
        StreamKey campaign, long after, long until, [EnumeratorCancellation] CancellationToken ct)
    {
        DateTimeOffset? before = null;
        await foreach (var page in trail.Pages(campaign, after, until, ct))
        {
            foreach (var told in ReadTrail.Answers(campaign, page))
            {
                var pause = Pause(before, told.At);
                if (pause > TimeSpan.Zero) await Task.Delay(pause, clock, ct);
                before = told.At;
                yield return told;
            }
        }
    }

    /// <summary>Instants of a log may lie a moment before one another: that is no pause.</summary>
    public TimeSpan Pause(DateTimeOffset? before, DateTimeOffset at)
    {
        if (before is not { } last || at <= last || speed <= 0) return TimeSpan.Zero;

        var scaled = (at - last).TotalMilliseconds / speed;
        return scaled < 1 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(scaled, LongestPause.TotalMilliseconds));
    }
}
