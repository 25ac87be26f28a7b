using System.Globalization;
using System.Text.Json;

namespace MassMessaging.Benchmarks;

/// <param name="N">Rows that the figure is about.</param>
/// <param name="Rate">Done per second.</param>
/// <param name="Floor">The same of the physical floor, in the same run; for latencies the floor's p99.</param>
/// <param name="RssMb">Of the service's process.</param>
public sealed record Figure(
    string Name, long N, double Rate, string Unit, double Floor, double Ratio, double P50Ms, double P99Ms, double RssMb)
{
    /// <summary>Slowest and fastest of the repeats, of which <see cref="Rate"/> is the median.</summary>
    public double? Min { get; init; }

    /// <inheritdoc cref="Min"/>
    public double? Max { get; init; }
}

/// <summary>Prints each figure as it is known.</summary>
public sealed class Report(bool json)
{
    private static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web);
    private bool begun;

    public void Add(Figure figure)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    figure.Name, figure.N, figure.Rate, figure.Unit, figure.Floor, figure.Ratio, p50ms = figure.P50Ms, p99ms = figure.P99Ms,
                    figure.RssMb, figure.Min, figure.Max,
                },
                options));
            return;
        }

        if (!begun)
        {
            Console.WriteLine("| figure | n | rate | p50 ms | p99 ms | floor | ratio | rss MB |\n|---|---|---|---|---|---|---|---|");
            begun = true;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {figure.Name} | {figure.N} | {figure.Rate} {figure.Unit}{(figure.Min is null ? "" : $" ({figure.Min}–{figure.Max})")} | {figure.P50Ms} | {figure.P99Ms} | {figure.Floor} | {figure.Ratio} | {figure.RssMb} |"));
    }

    /// <summary>What goes on, beside the figures.</summary>
    public static void Tell(string text) => Console.Error.WriteLine(text);
}
