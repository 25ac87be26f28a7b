using System.Globalization;
using System.Runtime.Versioning;

namespace MassMessaging.EmbeddedPostgres;

/// <summary>
/// PostgreSQL refuses to run as root, so root's server runs as this user, without a password: as postgres where a package made
/// that user, else as nobody.
/// </summary>
public sealed record ServerUser(string Name, int UserId, int GroupId)
{
    private static readonly string[] Candidates = ["postgres", "nobody"];

    /// <summary>Null where the service is not root: the server then runs as whoever runs the service.</summary>
    public static ServerUser? Needed()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess) return null;

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToList();
        var found = Candidates.Select(name => users.Find(fields => fields[0] == name)).FirstOrDefault(fields => fields is not null)
            ?? throw new PostgresUnavailableException("PostgreSQL cannot run as root, and there is neither a user postgres nor nobody to run it as.");
        return new ServerUser(found[0], int.Parse(found[2], CultureInfo.InvariantCulture), int.Parse(found[3], CultureInfo.InvariantCulture));
    }

    public IReadOnlyList<string> Run(IReadOnlyList<string> command)
    {
        if (Command.Find("runuser") is { } runuser) return [runuser, "-u", Name, "--", .. command];
        if (Command.Find("su") is { } su) return [su, "-s", "/bin/sh", Name, "-c", "exec \"$0\" \"$@\"", "--", .. command];
        if (Command.Find("setpriv") is { } setpriv) return [setpriv, $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--", .. command];

        throw new PostgresUnavailableException("PostgreSQL cannot run as root, and none of runuser, su and setpriv is there to run it as another user.");
    }

    public async Task Own(string path, CancellationToken ct)
    {
        var ended = await Command.Run(["chown", "-R", $"{UserId}:{GroupId}", path], ct);
        if (!ended.Succeeded) throw new PostgresUnavailableException($"{path} could not be given to the user {Name}: {ended.Output}");
    }

    /// <summary>Whether this user may pass through every folder above the path; root's home, for one, is closed to others.</summary>
    [UnsupportedOSPlatform("windows")]
    public static bool Reaches(string path)
    {
        for (var folder = new DirectoryInfo(path).Parent; folder is not null; folder = folder.Parent)
            if (folder.Exists && !folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) return false;

        return true;
    }
}
