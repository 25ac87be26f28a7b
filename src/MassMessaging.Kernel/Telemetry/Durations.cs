using System.Diagnostics.Metrics;

namespace MassMessaging.Kernel;

public static class Durations
{
    // From what a local database needs to what the slowest gateway may take.
    private static readonly InstrumentAdvice<double> Advice = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 75],
    };

    /// <summary>A histogram of seconds, from 1 ms to 75 s.</summary>
    public static Histogram<double> Seconds(this Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, tags: null, Advice);
}
