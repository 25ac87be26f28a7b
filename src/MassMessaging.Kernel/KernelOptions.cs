namespace MassMessaging.Kernel;

/// <param name="ConnectionString">PostgreSQL 14 or newer; pool size and time-outs are taken from it.</param>
/// <param name="Schema">Holds every table; created by <see cref="Migrator"/>.</param>
public sealed record KernelOptions(string ConnectionString, string Schema = "mass_messaging")
{
    /// <summary>
    /// A session that says nothing for this long inside its transaction is ended by the server, so that a stalled process (SIGSTOP, a
    /// frozen machine) gives its locks and views back within 5 s.
    /// </summary>
    public TimeSpan IdleInTransaction { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// How long a worker or a view rests that hears nothing. A commit wakes them at once: this is for a wake-up that was lost with its
    /// connection.
    /// </summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long what is under way may go on when the node is asked to stop.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(20);

    public RebuildOptions Rebuild { get; init; } = new();

    /// <summary>False: workers and views run only when drained, as specs want it.</summary>
    public bool Daemons { get; init; } = true;
}

/// <param name="CheckpointEvents">After how many events a rebuild's rows are kept, so that a killed process loses no more work than that.</param>
/// <param name="MostRows">Of one view that a rebuild holds in memory.</param>
public sealed record RebuildOptions(int CheckpointEvents = 1_000_000, int MostRows = 250_000);
