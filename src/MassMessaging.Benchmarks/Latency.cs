using System.Diagnostics;

namespace MassMessaging.Benchmarks;

public sealed record Latencies(double Rate, double P50Ms, double P99Ms);

/// <summary>
/// Asks at a fixed rate whatever the answers take, and measures from when each question was due: who answers late makes the next ones late
/// too, and that counts.
/// </summary>
public static class Latency
{
    /// <param name="ask">One request, whole; throws when it fails.</param>
    public static async Task<Latencies> Of(Func<int, Task> ask, double perSecond, TimeSpan span)
    {
        var count = (int)(perSecond * span.TotalSeconds);
        var took = new double[count];
        var running = new Task[count];
        var clock = Stopwatch.StartNew();
        for (var number = 0; number < count; number++)
        {
            var due = TimeSpan.FromSeconds(number / perSecond);
            if (due - clock.Elapsed is { Ticks: > 0 } early) await Task.Delay(early);
            running[number] = Measure(number, due);
        }

        await Task.WhenAll(running);
        var rate = count / clock.Elapsed.TotalSeconds;
        Array.Sort(took);
        return new(Math.Round(rate), At(0.5), At(0.99));

        double At(double share) => Math.Round(took[Math.Min(count - 1, (int)(share * count))], 2);

        async Task Measure(int number, TimeSpan due)
        {
            await ask(number);
            took[number] = (clock.Elapsed - due).TotalMilliseconds;
        }
    }
}
