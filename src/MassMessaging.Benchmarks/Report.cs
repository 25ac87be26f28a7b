using System.Globalization;
using System.Text.Json;

namespace MassMessaging.Benchmarks;

/// <param name="N">Rows that the figure is about.</param>
/// <param name="Rate">Done per second; the median where it was repeated.</param>
/// <param name="Floor">The same of the physical floor, in the same run; for latencies the floor's p99. Null where there is none.</param>
/// <param name="RssMb">Of the service's process.</param>
public sealed record Figure(
    string Name, long N, double Rate, string Unit, double? Floor, double? Ratio, double? P50Ms, double? P99Ms, double RssMb)
{
    /// <summary>Slowest and fastest of the repeats, of which <see cref="Rate"/> is the median.</summary>
    public double? Min { get; init; }

    /// <inheritdoc cref="Min"/>
    public double? Max { get; init; }

    /// <summary>What belongs to the figure and is none itself: the parts of the floor, bytes of memory and of WAL for each message.</summary>
    public string? Beside { get; init; }
}

/// <summary>Prints each figure as it is known.</summary>
public sealed class Report(bool json)
{
    private bool begun;

    public void Add(Figure figure)
    {
        if (json)
        {
            Tell($"{figure.Name}: {Range(figure)} {figure.Beside}");
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                name = figure.Name, n = figure.N, rate = figure.Rate, unit = figure.Unit, floor = figure.Floor, ratio = figure.Ratio,
                p50ms = figure.P50Ms, p99ms = figure.P99Ms, rssMb = figure.RssMb,
            }));
            return;
        }

        if (!begun)
        {
            Console.WriteLine("| figure | n | rate | p50 ms | p99 ms | floor | ratio | rss MB | |\n|---|---|---|---|---|---|---|---|---|");
            begun = true;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {figure.Name} | {figure.N} | {figure.Rate} {figure.Unit} {Range(figure)} | {figure.P50Ms} | {figure.P99Ms} | {figure.Floor} | {figure.Ratio} | {figure.RssMb} | {figure.Beside} |"));
    }

    /// <summary>What goes on, beside the figures.</summary>
    public static void Tell(string text) => Console.Error.WriteLine(text);

    private static string Range(Figure figure) =>
        figure.Min is null ? "" : string.Create(CultureInfo.InvariantCulture, $"({figure.Min}–{figure.Max})");
}
