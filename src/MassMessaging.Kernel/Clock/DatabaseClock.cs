using Npgsql;

namespace MassMessaging.Kernel.Clock;

/// <summary>
/// The database's clock, shared by all nodes: carried by this node's monotonic clock and measured again by <see cref="ClockKeeper"/>.
/// Before the first measurement it reads the system's clock. Timers and timestamps are the system's. Whole microseconds, as PostgreSQL
/// stores them.
/// </summary>
public sealed class DatabaseClock(NpgsqlDataSource dataSource) : TimeProvider
{
    private const int Looks = 3;

    private readonly Lock gate = new();
    private readonly ClockWitness witness = new(dataSource);
    private ClockEstimate? estimate;

    public override DateTimeOffset GetUtcNow() => At(ClockWitness.Monotonic());

    /// <summary>Before the first measurement: carries on the time of the nodes that run, or that ran until lately.</summary>
    public async Task CarryOn(CancellationToken ct)
    {
        var known = await witness.Find(ct);
        lock (gate) estimate ??= known;
    }

    /// <summary>For nodes that start later.</summary>
    public Task Tell(CancellationToken ct)
    {
        var monotonic = ClockWitness.Monotonic();
        return witness.Tell(At(monotonic), monotonic, ct);
    }

    /// <summary>Looks a few times and keeps the quickest look, which is the surest one.</summary>
    public async Task Measure(CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        ClockReading? surest = null;
        for (var look = 0; look < Looks; look++)
        {
            var asked = ClockWitness.Monotonic();
            var database = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!, TimeSpan.Zero);
            var reading = new ClockReading(asked, ClockWitness.Monotonic(), database);
            if (surest is null || reading.Uncertainty < surest.Value.Uncertainty) surest = reading;
        }

        lock (gate)
        {
            estimate = estimate?.Correct(surest!.Value, ClockWitness.Monotonic()) ?? ClockEstimate.Start(surest!.Value);
        }
    }

    private DateTimeOffset At(TimeSpan monotonic)
    {
        lock (gate)
        {
            var time = estimate?.Read(monotonic) ?? System.GetUtcNow();
            return new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        }
    }
}
