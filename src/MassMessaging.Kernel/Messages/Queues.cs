using MassMessaging.Kernel.Messages;
using Npgsql;

namespace MassMessaging.Kernel;

/// <param name="Waiting">Scheduled for later or backing off.</param>
/// <param name="Due">Could be handled now, and is not yet.</param>
/// <param name="Leased">In the hands of a worker.</param>
/// <param name="OldestDue">How long the oldest due message has waited since it was wanted.</param>
/// <param name="BlockedKeys">Ordered keys whose head is dead, backing off or held, while others wait behind it.</param>
public sealed record QueueStatus(string Queue, long Waiting, long Due, long Leased, long Dead, TimeSpan? OldestDue, long BlockedKeys);

/// <param name="Reason"><c>dead</c>, <c>leased</c> or <c>waiting</c>.</param>
/// <param name="Behind">Messages of the key that wait for the head.</param>
public sealed record BlockedKey(string Queue, string Key, long HeadId, string Reason, long Behind);

/// <summary>The figures of every queue, for health, dashboard and logs.</summary>
public sealed class Queues
{
    private const string Figures = """
        select queue,
            count(*) filter (where dead_at is null and due_at > @now and not is_leased),
            count(*) filter (where dead_at is null and due_at <= @now),
            count(*) filter (where dead_at is null and due_at > @now and is_leased),
            count(*) filter (where dead_at is not null),
            min(scheduled_for) filter (where dead_at is null and due_at <= @now)
        from message group by queue
        """;

    private const string Heads = """
        select head.queue, head.key, head.id,
            case when head.dead_at is not null then 'dead' when head.is_leased then 'leased' else 'waiting' end, keys.total - 1
        from (
            select queue, key, min(id) as id, count(*) as total from message where is_ordered group by queue, key having count(*) > 1
        ) keys
        join message head on head.id = keys.id
        where head.dead_at is not null or head.due_at > @now
        order by head.queue, head.key
        """;

    private readonly NpgsqlDataSource dataSource;
    private readonly MessageRegistry registry;
    private readonly TimeProvider clock;

    internal Queues(NpgsqlDataSource dataSource, MessageRegistry registry, TimeProvider clock) =>
        (this.dataSource, this.registry, this.clock) = (dataSource, registry, clock);

    /// <summary>Every registered queue, and every other one that still has messages, by name.</summary>
    public async Task<IReadOnlyList<QueueStatus>> Status(CancellationToken ct)
    {
        var blocked = (await Blocked(ct)).CountBy(key => key.Queue).ToDictionary(StringComparer.Ordinal);
        var now = clock.GetUtcNow();
        var figures = await Read(Figures, now, row => new QueueStatus(
            row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
            row.IsDBNull(5) ? null : now - row.GetFieldValue<DateTimeOffset>(5), blocked.GetValueOrDefault(row.GetString(0))), ct);
        var idle = registry.Queues.Select(queue => queue.Name).Except(figures.Select(queue => queue.Queue), StringComparer.Ordinal)
            .Select(name => new QueueStatus(name, 0, 0, 0, 0, null, 0));
        return [.. figures.Concat(idle).OrderBy(queue => queue.Queue, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<BlockedKey>> Blocked(CancellationToken ct) => await Read(Heads, clock.GetUtcNow(), row =>
        new BlockedKey(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetInt64(4)), ct);

    private async Task<List<T>> Read<T>(string text, DateTimeOffset now, Func<NpgsqlDataReader, T> map, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(text);
        command.Parameters.AddWithValue("now", now);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(map(reader));
        return rows;
    }
}
