using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MassMessaging.Kernel.Messages;

/// <summary>
/// What a node had in hand when it died falls due at once, not when its leases end. Every node looks, at the instant at which another may be
/// dead; a node that was only stalled and comes back has lost its claims, as if their leases had ended.
/// </summary>
internal sealed class DeadNodes(
    NpgsqlDataSource dataSource, NodeId node, WakeUp wakeUp, TimeProvider clock, ILogger<DeadNodes> log) : BackgroundService
{
    private const string Others = "select id, seen_at, " + Nodes.IsDead + " from node where id <> @id";

    // The claims stay leases that ran out: whatever killed their holder is handled alone, and spends its attempts.
    private const string Free = """
        update message set due_at = @now
        where holder = any (@dead) and is_leased and dead_at is null and due_at > @now
        returning queue
        """;

    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AtLeast = TimeSpan.FromMilliseconds(5);

    private HashSet<Guid> known = [];

    /// <summary>Answers how long no node that lives now can be dead.</summary>
    public async Task<TimeSpan> RunOnce(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var others = await ReadOthers(now, ct);
        var dead = others.Where(other => other.IsDead).Select(other => other.Id).ToHashSet();
        if (!dead.IsSubsetOf(known)) await FreeAll([.. dead.Except(known)], now, ct);
        known = dead; // One that came back may die again.
        var next = others.Where(other => !other.IsDead).Select(other => other.SeenAt + Nodes.UnseenFor - now).Append(AtMost).Min();
        return next < AtLeast ? AtLeast : next;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var rest = AtMost;
            try
            {
                rest = await RunOnce(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) // The next look tries again; leases end by themselves.
            {
                log.LogWarning("What dead nodes had in hand could not be freed ({Reason})", Settlement.Reason(e));
            }

            await Task.Delay(rest, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<(Guid Id, DateTimeOffset SeenAt, bool IsDead)>> ReadOthers(DateTimeOffset now, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Others);
        command.Parameters.AddWithValue("id", node.Value);
        command.Parameters.AddWithValue("now", now);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var others = new List<(Guid, DateTimeOffset, bool)>();
        while (await reader.ReadAsync(ct)) others.Add((reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetBoolean(2)));
        return others;
    }

    private async Task FreeAll(Guid[] dead, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Free);
        command.Parameters.AddWithValue("dead", dead);
        command.Parameters.AddWithValue("now", now);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var queues = new List<string>();
        while (await reader.ReadAsync(ct)) queues.Add(reader.GetString(0));
        if (queues.Count == 0) return;

        log.LogWarning("{Count} messages of dead nodes fall due again", queues.Count);
        wakeUp.Raise(queues.Distinct(StringComparer.Ordinal));
    }
}
