using System.Globalization;
using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos;

/// <summary>
/// Everything goes wrong: nodes, PostgreSQL, networks, the gateway, clocks, commits, while advisors go on working. The seed chooses what is
/// done; when exactly it happens is the machine's affair.
/// </summary>
[Collection(nameof(RealProcesses))]
public sealed class ChaosSpecs(ITestOutputHelper output)
{
    private const int ShortSeed = 1;
    private static readonly string[][] Shapes = [["all", "all"], ["all", "all", "all"], ["api", "worker", "worker"]];

    [Fact]
    public async Task Nothing_is_lost_or_sent_twice_or_too_fast_in_a_short_run() =>
        None(await Broken(ChaosPlan.Short(ShortSeed, Shapes[0]), new ChaosFigures()));

    /// <summary>CHAOS_MINUTES (5), CHAOS_SEED (any; the following runs count up) and CHAOS_NODES (2, 3 or split; else in turn) say what is asked for.</summary>
    [Fact, Trait("Size", "Full")]
    public async Task Nothing_is_lost_or_sent_twice_or_too_fast_for_as_long_as_asked()
    {
        var (minutes, first) = (Asked("CHAOS_MINUTES", 5), Asked("CHAOS_SEED", Random.Shared.Next(1, 1_000_000)));
        var (figures, begun, broken) = (new ChaosFigures(), TimeProvider.System.GetTimestamp(), new List<string>());
        for (var seed = first; TimeProvider.System.GetElapsedTime(begun).TotalMinutes < minutes; seed++)
            broken.AddRange(await Broken(ChaosPlan.Of(seed, Shape(seed), steps: 20), figures));
        output.WriteLine($"{figures}");
        None(broken);
    }

    /// <summary>With the seed that shows it: a long run goes on, to find what else there is.</summary>
    private async Task<IReadOnlyList<string>> Broken(ChaosPlan plan, ChaosFigures figures)
    {
        try
        {
            await using var run = await ChaosRun.Prepare(plan, output);
            return [.. (await run.Survives(figures)).Select(broken => $"CHAOS_SEED={plan.Seed}: {broken}")];
        }
        catch (Exception failed)
        {
            return [$"CHAOS_SEED={plan.Seed}: {failed}"];
        }
    }

    private static void None(IReadOnlyList<string> broken) => Assert.True(broken.Count == 0, string.Join('\n', broken));

    private static string[] Shape(int seed) => Environment.GetEnvironmentVariable("CHAOS_NODES") switch
    {
        "2" => Shapes[0],
        "3" => Shapes[1],
        "split" => Shapes[2],
        _ => Shapes[seed % Shapes.Length],
    };

    private static int Asked(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : otherwise;
}
