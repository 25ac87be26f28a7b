using System.Collections.Immutable;
using System.Globalization;

namespace MassMessaging.Benchmarks;

/// <param name="N">Scales the data; null is the benchmark's own size.</param>
/// <param name="Quick">Less data, and less time for each figure: all of them in 5 minutes.</param>
/// <param name="Json">One object a line instead of a table.</param>
/// <param name="PerSecond">Requests, open loop.</param>
public sealed record BenchmarkOptions(int? N, bool Quick, bool Json, int PerSecond = 200)
{
    /// <summary>Of PostgreSQL, unless <c>--postgres</c> says otherwise: durable, and large enough that checkpoints are rare.</summary>
    public ImmutableDictionary<string, string> ServerSettings { get; init; } = ImmutableDictionary<string, string>.Empty
        .Add("shared_buffers", "2GB").Add("max_wal_size", "8GB").Add("fsync", "on").Add("synchronous_commit", "on");

    /// <param name="args">Behind the benchmark's name.</param>
    /// <returns>Null when they cannot be understood.</returns>
    public static BenchmarkOptions? Of(string[] args) => new BenchmarkOptions(null, Quick: false, Json: false).With(args);

    private BenchmarkOptions? With(string[] args) => args switch
    {
        [] => this,
        ["--quick", .. var rest] => (this with { Quick = true }).With(rest),
        ["--json", .. var rest] => (this with { Json = true }).With(rest),
        ["--n", var text, .. var rest] when Whole(text) is { } n and >= 10_000 => (this with { N = n }).With(rest),
        ["--rate", var text, .. var rest] when Whole(text) is { } rate and > 0 => (this with { PerSecond = rate }).With(rest),
        ["--postgres", var text, .. var rest] when text.Split('=', 2) is [var name, var value] =>
            (this with { ServerSettings = ServerSettings.SetItem(name, value) }).With(rest),
        _ => null,
    };

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : null;
}
