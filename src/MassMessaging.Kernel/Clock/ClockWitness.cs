using System.Diagnostics;
using Npgsql;

namespace MassMessaging.Kernel.Clock;

/// <summary>
/// The common time of the nodes, for one that starts. The database's clock may have been set since they measured it: they did not believe
/// a jump ahead, and whoever does would grant a lane another window's worth of messages. What a node of this machine left is exact, for
/// the machine's monotonic clock went on; of nodes elsewhere the heartbeats tell. Where nobody ran for ten minutes the database is believed.
/// </summary>
internal sealed class ClockWitness(NpgsqlDataSource dataSource)
{
    private const string Kept = "select time, monotonic from node_clock where boot = @boot";

    private const string Keep = """
        with forgotten as (delete from node_clock where time < @time - interval '30 days' and boot <> @boot)
        insert into node_clock as k (boot, time, monotonic) values (@boot, @time, @monotonic)
        on conflict (boot) do update set time = excluded.time, monotonic = excluded.monotonic where k.monotonic < excluded.monotonic
        """;

    private const string Beats = "select id, seen_at from node";

    private const string BootId = "/proc/sys/kernel/random/boot_id";

    private static readonly TimeSpan Valid = TimeSpan.FromMinutes(10);

    /// <summary>A beat is a second away at most, and may be late.</summary>
    private static readonly TimeSpan Listening = TimeSpan.FromMilliseconds(1500);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly string? boot = File.Exists(BootId) ? File.ReadAllText(BootId).Trim() : null;

    public static TimeSpan Monotonic() => Stopwatch.GetElapsedTime(0);

    /// <summary>Null: nobody knows better than the database.</summary>
    public async Task<ClockEstimate?> Find(CancellationToken ct)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(ct);
            return await OfThisMachine(connection, ct) ?? await OfOthers(connection, ct);
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            return null; // a database that no node has worked with
        }
    }

    public async Task Tell(DateTimeOffset time, TimeSpan monotonic, CancellationToken ct)
    {
        if (boot is null) return;

        await using var command = dataSource.CreateCommand(Keep);
        Arguments.Add(command.Parameters, [("boot", boot), ("time", time), ("monotonic", (long)monotonic.TotalMicroseconds)]);
        try
        {
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            // The first start: the clock is measured before the migrations. It is told in a few seconds.
        }
    }

    private async Task<ClockEstimate?> OfThisMachine(NpgsqlConnection connection, CancellationToken ct)
    {
        if (boot is null) return null;

        await using var command = new NpgsqlCommand(Kept, connection);
        Arguments.Add(command.Parameters, [("boot", boot)]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;

        var line = new ClockEstimate(TimeSpan.FromMicroseconds(reader.GetInt64(1)), reader.GetFieldValue<DateTimeOffset>(0), TimeSpan.Zero);
        return line.At + Valid > Monotonic() ? line : null;
    }

    /// <summary>The first beat that comes is the time at which it comes, or a little before: too late is safe.</summary>
    private static async Task<ClockEstimate?> OfOthers(NpgsqlConnection connection, CancellationToken ct)
    {
        var known = await Seen(connection, ct);
        if (known.Count == 0) return null;

        var until = Monotonic() + Listening;
        using var timer = new PeriodicTimer(BetweenLooks);
        while (Monotonic() < until && await timer.WaitForNextTickAsync(ct))
            foreach (var (node, seenAt) in await Seen(connection, ct))
                if (known.TryGetValue(node, out var before) && seenAt > before)
                    return new ClockEstimate(Monotonic(), seenAt, TimeSpan.Zero);

        return null;
    }

    private static async Task<Dictionary<Guid, DateTimeOffset>> Seen(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Beats, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var seen = new Dictionary<Guid, DateTimeOffset>();
        while (await reader.ReadAsync(ct)) seen[reader.GetGuid(0)] = reader.GetFieldValue<DateTimeOffset>(1);
        return seen;
    }
}
