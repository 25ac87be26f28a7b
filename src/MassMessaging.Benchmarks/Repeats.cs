using System.Diagnostics;

namespace MassMessaging.Benchmarks;

/// <summary>The same thing measured several times.</summary>
public sealed class Repeats
{
    private readonly List<double> all = [];

    public int Count => all.Count;

    public double Median => all.Order().ElementAt(all.Count / 2);

    public double Min => all.Min();

    public double Max => all.Max();

    public void Add(double measured) => all.Add(measured);

    public static async Task<TimeSpan> Time(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began);
    }
}
