using System.Globalization;
using System.Text.RegularExpressions;
using MassMessaging.EmbeddedPostgres;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests;

/// <summary>The README's commands, as a newcomer pastes them.</summary>
public sealed partial class QuickStartSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private const int Afiliados = 276;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120); // it takes 15 s; other specs share the machine

    [Fact]
    public async Task The_quick_start_sends_a_campaign_whose_counters_agree_with_the_gateways_ledger()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The README's commands are bash.");
        await using var database = await TestDatabase.Create(cluster);
        await using var simulator = await SimulatorHost.Start(new SimulatorOptions(), CancellationToken.None);
        await using var service = await ServiceProcess.Start(new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = database.ConnectionString,
            ["EVOLUTION_API_URL"] = simulator.Url,
            ["EVOLUTION_API_KEY"] = simulator.ApiKey,
        });

        var said = await Run(service, simulator);

        Assert.Contains("\"created\":939", said, StringComparison.Ordinal);
        Assert.Contains("soy Ana Torres de Bienestar Torres.", said, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"sent\"", said, StringComparison.Ordinal);
        Assert.Equal((Afiliados, Afiliados), (Last(said, "sentCount"), Last(said, "accepted")));
        Assert.Equal(Last(said, "DELIVERY_ACK"), Last(said, "deliveredCount"));
        Assert.Equal(Last(said, "READ"), Last(said, "readCount"));
        Assert.True(Last(said, "readCount") > 0);
    }

    /// <summary>
    /// All blocks in one shell. The last one only reads: it is run again while a busy machine lets the counters lag more than the second
    /// that a person waits there.
    /// </summary>
    private async Task<string> Run(ServiceProcess service, SimulatorHost simulator)
    {
        var blocks = Blocks();
        Assert.True(blocks.Count >= 6, "The README's quick start has lost its commands.");
        var compare = $"""
            said() ( {blocks[^1]} )
            for again in 1 2 3 4 5 6 7 8 9 10; do
              all=$(said); numbers=$(echo "$all" | grep -oE '"[A-Za-z_]+":[0-9]+$' | tail -n 6 | cut -d : -f 2)
              if [ "$(echo "$numbers" | head -n 3)" = "$(echo "$numbers" | tail -n 3)" ]; then break; fi
            done
            echo "$all"
            """;
        var script = string.Join('\n', ["set -eu -o pipefail", .. blocks.SkipLast(1), compare]);
        using var patience = new CancellationTokenSource(Patience);
        var ended = await Command.Run(
            ["bash", "-c", script], patience.Token, Sources.Root,
            new Dictionary<string, string> { ["BASE"] = service.Url.OriginalString, ["SIMULATOR"] = simulator.Url.TrimEnd('/') });
        output.WriteLine(ended.Output);
        Assert.True(ended.Succeeded, $"{ended.Output}\n{service.Output}");
        return ended.Output;
    }

    private static List<string> Blocks()
    {
        var readme = File.ReadAllText(Path.Combine(Sources.Root, "README.md"));
        var section = readme[readme.IndexOf("## Quick start", StringComparison.Ordinal)..];
        return [.. BashBlock().Matches(section).Select(block => block.Groups["commands"].Value)];
    }

    private static int Last(string said, string name)
    {
        var number = said[(said.LastIndexOf($"\"{name}\":", StringComparison.Ordinal) + name.Length + 3)..];
        return int.Parse(number.AsSpan(0, number.TakeWhile(char.IsAsciiDigit).Count()), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("(?ms)^```bash\n(?<commands>.*?)^```", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BashBlock();
}
