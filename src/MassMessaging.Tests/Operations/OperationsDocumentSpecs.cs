using System.Text.RegularExpressions;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Operations;

/// <summary>docs/operations.md names every setting that the code reads, and none that it does not.</summary>
public sealed partial class OperationsDocumentSpecs
{
    /// <summary>Read by ASP.NET Core and by OpenTelemetry for themselves.</summary>
    private static readonly string[] OfFrameworks = ["ASPNETCORE_URLS", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    /// <summary>The system's own, by which other programs are found, and their caches.</summary>
    private static readonly string[] OfTheSystem = ["XDG_CACHE_HOME", "PATH"];

    [Fact]
    public void Every_setting_that_the_code_reads_is_documented() => Assert.Empty(Read().Except(Documented()).Except(OfTheSystem));

    [Fact]
    public void Every_setting_that_is_documented_is_read() => Assert.Empty(Documented().Except(Quoted()).Except(OfFrameworks));

    /// <summary>Names in the first column of the table.</summary>
    internal static HashSet<string> Documented()
    {
        var section = File.ReadAllText(Path.Combine(Sources.Root, "docs", "operations.md")).Split("\n## Settings\n")[1].Split("\n## ")[0];
        return [.. section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Name().Matches(line.Split('|')[1]).Select(match => match.Value))];
    }

    /// <summary>Named where configuration or the environment is asked.</summary>
    private static IEnumerable<string> Read() => Code().SelectMany(file => Asked().Matches(file).Select(match => match.Groups["name"].Value))
        .Select(name => name.Replace(":", "__", StringComparison.Ordinal));

    private static HashSet<string> Quoted() =>
        [.. Code().SelectMany(file => InQuotes().Matches(file).Select(match => match.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal)))];

    private static IEnumerable<string> Code() => ((string[])["MassMessaging", "MassMessaging.Kernel"])
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Sources.Root, "src", project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    [GeneratedRegex("[A-Za-z]+(_+[A-Za-z]+)+|ROLE|OPERATORS", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex(
        """(values\.\w+(<[^>]+>)?\(|configuration\[|Configuration\[|GetValue(<[^>]+>)?\(|Setting = |GetEnvironmentVariable\()"(?<name>[A-Z][A-Za-z_:]+)""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Asked();

    [GeneratedRegex("\"(?<name>[A-Za-z_:]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InQuotes();
}
