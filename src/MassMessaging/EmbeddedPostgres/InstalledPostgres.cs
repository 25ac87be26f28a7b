using System.Runtime.CompilerServices;

namespace MassMessaging.EmbeddedPostgres;

/// <summary>Server binaries that are on the machine already.</summary>
public static class InstalledPostgres
{
    /// <summary>
    /// Bin folders by version below these, as Debian's packages, PGDG's, Homebrew's, Postgres.app's and the Windows installer lay them.
    /// </summary>
    private static readonly (string Root, string Pattern, string Below)[] Places =
    [
        ("/usr/lib/postgresql", "*", "bin"),
        ("/usr/local/lib/postgresql", "*", "bin"),
        ("/usr", "pgsql-*", "bin"),
        ("/usr/libexec", "postgresql*", ""),
        ("/opt/homebrew/opt", "postgresql@*", "bin"),
        ("/usr/local/opt", "postgresql@*", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
        (@"C:\Program Files\PostgreSQL", "*", "bin"),
    ];

    /// <summary>A configured folder without working binaries is a mistake to be told, never passed over.</summary>
    public static async IAsyncEnumerable<PostgresBinaries> Configured(string? folder, [EnumeratorCancellation] CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(folder)) yield break;

        yield return await PostgresBinaries.In(folder, ct) ?? throw new PostgresUnavailableException(
            $"POSTGRES_BIN is {folder}, but initdb, pg_ctl and postgres of version {PostgresBinaries.Oldest} or later do not run there.");
    }

    /// <summary>Links are followed: PATH often holds links to single programs, whose neighbours are elsewhere.</summary>
    public static async IAsyncEnumerable<PostgresBinaries> OnPath([EnumeratorCancellation] CancellationToken ct)
    {
        string[] programs = ["postgres", "pg_ctl", "initdb"];
        var folders = programs.Select(Command.Find).OfType<string>().Select(file => Path.GetDirectoryName(Command.FollowLinks(file))!).Distinct();
        foreach (var folder in folders)
            if (await PostgresBinaries.In(folder, ct) is { } binaries) yield return binaries;
    }

    /// <summary>Newest first.</summary>
    public static async IAsyncEnumerable<PostgresBinaries> InUsualPlaces([EnumeratorCancellation] CancellationToken ct)
    {
        var found = new List<PostgresBinaries>();
        foreach (var (root, pattern, below) in Places.Where(place => Directory.Exists(place.Root)))
            foreach (var folder in Directory.EnumerateDirectories(root, pattern))
                if (await PostgresBinaries.In(Path.Combine(folder, below), ct) is { } binaries) found.Add(binaries);

        foreach (var binaries in found.OrderByDescending(binaries => binaries.Major)) yield return binaries;
    }
}
