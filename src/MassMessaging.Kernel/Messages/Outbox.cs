using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel.Messages;

/// <summary>Writes a session's messages, any number of them in one round trip, in the session's own transaction.</summary>
internal sealed class Outbox(MessageRegistry registry)
{
    // The advisory locks make messages of one key visible in the order of their ids: without them a later id could commit, and be
    // handled, first. 256 of them, so that a large batch cannot fill the lock table. `least` skips nulls.
    private const string Insert = """
        with input as materialized (
            select * from unnest(@queues, @types, @keys, @ordered, @bodies, @dues) with ordinality
                as input (queue, type, key, is_ordered, body, due_at, place)
        ), locked as materialized (
            select pg_advisory_xact_lock(hashtext(bucket.queue), bucket.number)
            from (select distinct queue, hashtext(key) & 255 as number from input where is_ordered order by 1, 2) bucket
        )
        insert into message as waiting
            (queue, type, key, is_ordered, body, due_at, scheduled_for, sent_at, actor, correlation_id, causation_id)
        select queue, type, key, is_ordered, body::jsonb, due_at, due_at, @now, @actor, @correlation, @causation
        from input
        where (select count(*) from locked) >= 0
        order by place
        on conflict (queue, type, key) where key is not null and not is_ordered and dead_at is null do update set
            body = excluded.body,
            sent_at = excluded.sent_at, actor = excluded.actor,
            correlation_id = excluded.correlation_id, causation_id = excluded.causation_id,
            generation = waiting.generation + waiting.is_leased::int,
            rearm_for = case when waiting.is_leased then least(waiting.rearm_for, excluded.due_at) end,
            due_at = case when waiting.is_leased then waiting.due_at else least(waiting.due_at, excluded.due_at) end,
            scheduled_for = case when waiting.is_leased then waiting.scheduled_for else least(waiting.scheduled_for, excluded.due_at) end
        """;

    /// <summary>Answers the queues to wake once the transaction has committed.</summary>
    public async Task<IReadOnlyCollection<string>> Write(
        NpgsqlConnection connection, IReadOnlyList<Outgoing> messages, Origin origin, DateTimeOffset now, CancellationToken ct)
    {
        if (messages.Count == 0) return [];

        var rows = Coalesce([.. messages.Select(message => ToRow(message, now))]);
        await using var command = new NpgsqlCommand(Insert, connection);
        var args = command.Parameters;
        args.AddWithValue("queues", rows.Select(row => row.Queue).ToArray());
        args.AddWithValue("types", rows.Select(row => row.Type).ToArray());
        args.Add(new NpgsqlParameter("keys", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = rows.Select(row => row.Key).ToArray() });
        args.AddWithValue("ordered", rows.Select(row => row.IsOrdered).ToArray());
        args.AddWithValue("bodies", rows.Select(row => row.Body).ToArray());
        args.AddWithValue("dues", rows.Select(row => row.DueAt).ToArray());
        args.AddWithValue("now", now.ToUniversalTime());
        args.AddWithValue("actor", origin.Actor);
        args.Add(new NpgsqlParameter("correlation", NpgsqlDbType.Text) { Value = (object?)origin.CorrelationId ?? DBNull.Value });
        args.Add(new NpgsqlParameter("causation", NpgsqlDbType.Text) { Value = (object?)origin.CausationId ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(ct);
        return [.. rows.Select(row => row.Queue).Distinct(StringComparer.Ordinal)];
    }

    private Row ToRow(Outgoing outgoing, DateTimeOffset now)
    {
        var type = registry.Of(outgoing.Message);
        var isOrdered = type.Order == MessageOrder.PerKey && outgoing.Key is not null;
        var due = (outgoing.At ?? now).ToUniversalTime();
        return new Row(type.Queue, type.WireName, outgoing.Key, isOrdered, MessageRegistry.Write(outgoing.Message), due);
    }

    // One statement cannot upsert a row twice, so a unique key is merged here: the later body, the earlier time. Unique keys go first
    // and sorted: two sessions that send the same keys lock them in the same order. All others keep the order in which they were sent.
    private static List<Row> Coalesce(IReadOnlyList<Row> rows)
    {
        var unique = rows.Where(row => row.IsUnique)
            .GroupBy(row => (row.Queue, row.Type, row.Key))
            .Select(same => same.Last() with { DueAt = same.Min(row => row.DueAt) })
            .OrderBy(row => row.Queue, StringComparer.Ordinal)
            .ThenBy(row => row.Type, StringComparer.Ordinal)
            .ThenBy(row => row.Key, StringComparer.Ordinal);
        return [.. unique, .. rows.Where(row => !row.IsUnique)];
    }

    private sealed record Row(string Queue, string Type, string? Key, bool IsOrdered, string Body, DateTimeOffset DueAt)
    {
        public bool IsUnique => Key is not null && !IsOrdered;
    }
}
