namespace MassMessaging.EmbeddedPostgres;

/// <param name="Folder">Where the server's data, password, port and log are kept between runs. Created if missing.</param>
public sealed record PostgresServerOptions(string Folder)
{
    /// <summary>A folder with initdb, pg_ctl and postgres that is taken before any other, or null.</summary>
    public string? BinFolder { get; init; } = Environment.GetEnvironmentVariable("POSTGRES_BIN");

    /// <summary>The places that are searched, in this order; docker stands for a container of the official image.</summary>
    public IReadOnlyList<PostgresSource> Sources { get; init; } =
        [PostgresSource.Configured, PostgresSource.Path, PostgresSource.UsualPlaces, PostgresSource.Npm, PostgresSource.Docker];

    /// <summary>Docker's client, by name or path.</summary>
    public string DockerClient { get; init; } = "docker";

    /// <summary>Lines of postgresql.conf, over the product's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>False for throw-away servers: nothing is flushed to disk, so only a crash of the machine loses data.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Is told what takes long, such as a download.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}

public enum PostgresSource
{
    Configured,
    Path,
    UsualPlaces,
    Npm,
    Docker,
}

/// <summary>The server could not be had or started; the message says what to do about it.</summary>
public sealed class PostgresUnavailableException : Exception
{
    public PostgresUnavailableException(string message) : base(message)
    {
    }

    public PostgresUnavailableException(string message, Exception inner) : base(message, inner)
    {
    }

    public PostgresUnavailableException()
    {
    }
}
