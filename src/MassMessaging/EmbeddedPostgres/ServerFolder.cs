using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace MassMessaging.EmbeddedPostgres;

/// <summary>
/// What is kept between runs: <c>data</c> (the cluster), <c>password</c> and <c>port</c>, <c>server.conf</c> (written at every start)
/// and <c>server.log</c>. All of it belongs to the user that the server runs as.
/// </summary>
public sealed record ServerFolder(string Path, ServerUser? User)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Passable = (UnixFileMode)0b111_101_101;

    public string Data => At("data");

    /// <summary>
    /// Where initdb works: it writes PG_VERSION first, so only a folder moved to <see cref="Data"/> is known to be whole.
    /// </summary>
    public string Unfinished => At("data.new");

    public string PasswordFile => At("password");
    public string Log => At("server.log");
    public bool HasData => File.Exists(System.IO.Path.Combine(Data, "PG_VERSION"));
    public int? Major => HasData ? int.Parse(File.ReadAllText(System.IO.Path.Combine(Data, "PG_VERSION")), CultureInfo.InvariantCulture) : null;
    /// <summary>The same for the same path, and fit for a name.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path)))[..16];

    public int Port => int.Parse(File.ReadAllText(At("port")), CultureInfo.InvariantCulture);

    public static ServerFolder Open(string wanted, Action<string> tell)
    {
        var user = ServerUser.Needed();
        var path = System.IO.Path.GetFullPath(wanted);
        Create(path);
        if (OperatingSystem.IsWindows() || user is null || ServerUser.Reaches(path)) return new ServerFolder(path, user);

        var reachable = System.IO.Path.Combine("/var/lib/massmessaging", new ServerFolder(path, user).Id);
        tell($"The user {user.Name}, whom root's PostgreSQL runs as, cannot reach {path}: the data is kept in {reachable}");
        Create(reachable);
        return new ServerFolder(reachable, user);
    }

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The port of the last run if it is still free, so that what was noted of it goes on working; else another.</summary>
    public void ChoosePort(bool another)
    {
        if (!another && File.Exists(At("port")) && IsFree(Port)) return;

        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        File.WriteAllText(At("port"), ((IPEndPoint)any.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
    }

    public void CreatePassword()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new StreamWriter(PasswordFile, options);
        file.Write(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
    }

    public NpgsqlConnectionStringBuilder Connection(string database) => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Password = File.ReadAllText(PasswordFile),
        Database = database,
        IncludeErrorDetail = false,
    };

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Create(string path)
    {
        var missing = new Stack<string>();
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = System.IO.Path.GetDirectoryName(folder)) missing.Push(folder);
        foreach (var folder in missing)
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, Passable);
        }
    }
}
