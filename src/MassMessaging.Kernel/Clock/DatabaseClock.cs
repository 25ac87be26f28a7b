using System.Diagnostics;
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
    private ClockEstimate? estimate;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            var time = estimate?.Read(Monotonic()) ?? System.GetUtcNow();
            return new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        }
    }

    /// <summary>Looks a few times and keeps the quickest look, which is the surest one.</summary>
    public async Task Measure(CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        ClockReading? surest = null;
        for (var look = 0; look < Looks; look++)
        {
            var asked = Monotonic();
            var database = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!, TimeSpan.Zero);
            var reading = new ClockReading(asked, Monotonic(), database);
            if (surest is null || reading.Uncertainty < surest.Value.Uncertainty) surest = reading;
        }

        lock (gate)
        {
            estimate = estimate?.Correct(surest!.Value, Monotonic()) ?? ClockEstimate.Start(surest!.Value);
        }
    }

    private static TimeSpan Monotonic() => Stopwatch.GetElapsedTime(0);
}
