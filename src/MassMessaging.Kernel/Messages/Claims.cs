using Microsoft.Extensions.Logging;
using Npgsql;

namespace MassMessaging.Kernel.Messages;

/// <summary>Takes due messages under a lease: one statement for a batch, whatever its size.</summary>
internal sealed class Claims(
    NpgsqlDataSource dataSource, MessageRegistry registry, InHand inHand, NodeId node, TimeProvider clock, ILogger<Claims> log)
{
    // A message whose lease ran out was in the hands of a process that vanished, perhaps because of it: it is claimed alone, so that what
    // kills processes spends its own attempts and not those of its batch. With none left it is dead without being handed out again.
    // Of an ordered key only the head can be claimed, and nothing while another one of the key is leased.
    private const string Take = """
        with due as materialized (
            select id, is_leased, scheduled_for
            from message waiting
            where queue = @queue and type = any(@types) and dead_at is null and scheduled_for <= @now and due_at <= @now
                and not (is_ordered and exists (
                    select from message other
                    where other.is_ordered and other.queue = waiting.queue and other.key = waiting.key
                        and (other.id < waiting.id or (other.is_leased and other.due_at > @now))))
            order by scheduled_for, id
            limit @most
            for update skip locked
        ), head as (
            select id, is_leased from due order by scheduled_for, id limit 1
        )
        update message claimed set
            attempt = claimed.attempt + 1,
            is_leased = claimed.attempt - claimed.given_back < @attempts,
            due_at = @now + @lease,
            rearm_for = null,
            holder = @node,
            error = case when claimed.attempt - claimed.given_back < @attempts then claimed.error else 'lease-expired' end,
            dead_at = case when claimed.attempt - claimed.given_back >= @attempts then @now end
        from due, head
        where claimed.id = due.id and (due.id = head.id or not (head.is_leased or due.is_leased))
        returning claimed.id, claimed.type, claimed.key, claimed.is_ordered, claimed.body::text, claimed.attempt,
            claimed.attempt - claimed.given_back, claimed.generation, due.is_leased, claimed.actor, claimed.correlation_id,
            claimed.dead_at is not null, claimed.scheduled_for, claimed.causation_id
        """;

    private const string Next = """
        select min(due_at) from message
        where queue = @queue and type = any(@types) and dead_at is null and scheduled_for <= @until and due_at > @now
        """;

    /// <summary>
    /// In the order in which they were wanted; empty when nothing is due. What it answers is in hand: remove it when it is settled.
    /// </summary>
    public async Task<IReadOnlyList<Held>> Claim(QueueOptions queue, CancellationToken ct)
    {
        while (true)
        {
            var taken = await TakeDue(queue, ct);
            foreach (var dead in taken.Where(row => row.IsDead))
                log.LogError("Message {Id} ({Type}) is dead: every holder of it vanished", dead.Held.Id, dead.Held.Type.WireName);

            IReadOnlyList<Held> batch =
                [.. taken.Where(row => !row.IsDead).OrderBy(row => row.ScheduledFor).ThenBy(row => row.Held.Id).Select(row => row.Held)];
            inHand.Add(batch);
            if (batch.Count > 0 || taken.Count == 0) return batch;
        }
    }

    /// <summary>
    /// When the next message that waits now falls due; null when none does within <paramref name="horizon"/>.
    /// </summary>
    public async Task<DateTimeOffset?> NextDue(QueueOptions queue, TimeSpan horizon, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Next);
        Add(command, queue);
        command.Parameters.AddWithValue("until", clock.GetUtcNow() + horizon);
        return await command.ExecuteScalarAsync(ct) is DateTime due ? new DateTimeOffset(due, TimeSpan.Zero) : null;
    }

    private async Task<List<Taken>> TakeDue(QueueOptions queue, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Take);
        Add(command, queue);
        command.Parameters.AddWithValue("most", queue.BatchSize);
        command.Parameters.AddWithValue("lease", queue.Lease);
        command.Parameters.AddWithValue("attempts", queue.MaxAttempts);
        command.Parameters.AddWithValue("node", node.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var taken = new List<Taken>();
        while (await reader.ReadAsync(ct)) taken.Add(new Taken(Read(reader, queue), reader.GetBoolean(11), reader.GetDateTime(12)));
        return taken;
    }

    private void Add(NpgsqlCommand command, QueueOptions queue)
    {
        command.Parameters.AddWithValue("queue", queue.Name);
        command.Parameters.AddWithValue("types", registry.WireNames(queue));
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
    }

    private Held Read(NpgsqlDataReader row, QueueOptions queue) => new(
        row.GetInt64(0), queue, registry.Named(row.GetString(1)), row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3),
        row.GetString(4), row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), row.GetBoolean(8), row.GetString(9),
        row.IsDBNull(10) ? null : row.GetString(10))
    {
        Trace = row.IsDBNull(13) ? null : Traces.From(row.GetString(13)),
    };

    private sealed record Taken(Held Held, bool IsDead, DateTime ScheduledFor);
}
