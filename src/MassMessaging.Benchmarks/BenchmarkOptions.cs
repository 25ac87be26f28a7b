using System.Globalization;

namespace MassMessaging.Benchmarks;

/// <param name="N">Scales the data; null is the benchmark's own size.</param>
/// <param name="Quick">Less data, and less time for each figure.</param>
/// <param name="Json">One object a line instead of a table.</param>
/// <param name="PerSecond">Requests, open loop.</param>
/// <param name="What"><c>reads</c> or <c>rebuild</c>.</param>
public sealed record BenchmarkOptions(string What, int? N, bool Quick, bool Json, int PerSecond = 200)
{
    /// <summary>Null when they cannot be understood.</summary>
    public static BenchmarkOptions? Of(string[] args)
    {
        if (args is not ["reads" or "rebuild", .. var rest]) return null;

        var options = new BenchmarkOptions(args[0], null, Quick: false, Json: false);
        for (; rest.Length > 0; rest = rest[1..])
        {
            switch (rest)
            {
                case ["--quick", ..]:
                    options = options with { Quick = true };
                    break;
                case ["--json", ..]:
                    options = options with { Json = true };
                    break;
                case ["--n", var text, ..] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 10_000:
                    options = options with { N = n };
                    rest = rest[1..];
                    break;
                case ["--rate", var text, ..] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rate) && rate > 0:
                    options = options with { PerSecond = rate };
                    rest = rest[1..];
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
