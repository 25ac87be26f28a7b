using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel.Messages;

/// <summary>
/// For queues of <see cref="QueueOptions.InOneCommit"/>: takes messages by deleting them in the transaction that handles them. No claim is
/// written, none has to be renewed, and whatever ends the process gives them back at once.
/// </summary>
internal sealed class OneCommit(
    Store store, MessageRegistry registry, IServiceScopeFactory scopes, InHand inHand, TimeProvider clock, ILogger<OneCommit> log)
{
    // What was ever tried, and what has a key, goes by lease: attempts are counted there, and what is sent again meanwhile is told apart.
    private const string Delete = """
        delete from message where ctid = any (array(
            select ctid from message
            where queue = @queue and type = any (@types) and dead_at is null and scheduled_for <= @now and due_at <= @now
                and (scheduled_for, id) >= (coalesce(@from, '-infinity'), @from_id) and key is null and attempt = 0
            order by scheduled_for, id
            limit @most
            for update skip locked))
        returning id, type, body::text, actor, correlation_id, causation_id, scheduled_for
        """;

    /// <summary>By queue: how many more batches go by lease, see <see cref="IsOpen"/>.</summary>
    private readonly ConcurrentDictionary<string, int> byLease = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, QueueFront> fronts = new(StringComparer.Ordinal);

    /// <summary>
    /// A message that ends processes would end each new one again, and no attempt would be counted. So the first batches of a process go by
    /// lease, and the next ones after a batch that failed: whatever is wrong with a message is found out there.
    /// </summary>
    public bool IsOpen(QueueOptions queue) => queue.InOneCommit && byLease.GetOrAdd(queue.Name, Cautious(queue)) == 0;

    /// <param name="batch">How many messages a claim by lease has found.</param>
    public void Claimed(QueueOptions queue, int batch)
    {
        if (queue.InOneCommit) byLease.AddOrUpdate(queue.Name, Cautious(queue), (_, left) => batch == 0 ? 0 : Math.Max(0, left - 1));
    }

    /// <summary>Null when there is nothing to take.</summary>
    public async Task<Taken?> Take(QueueOptions queue, CancellationToken ct)
    {
        inHand.Enter(); // before it can be seen that they are gone
        NpgsqlConnection? connection = null;
        Taken? taken = null;
        try
        {
            connection = await store.Database.OpenConnectionAsync(ct);
            var transaction = await connection.BeginTransactionAsync(ct);
            var batch = await Read(connection, queue, ct);
            if (batch.Count == 0) return null;

            inHand.Took(batch.Count);
            var session = store.OpenFor(Handling.OriginOf(batch), completion: null);
            session.Adopt(connection, transaction);
            return taken = new Taken(queue, session, batch);
        }
        finally
        {
            if (taken is null)
            {
                if (connection is not null) await connection.DisposeAsync();
                inHand.Leave();
            }
        }
    }

    /// <summary>True when it was committed; else all of it waits again.</summary>
    public async Task<bool> Handle(Taken taken, CancellationToken ct)
    {
        var from = Stopwatch.GetTimestamp();
        using var activity = KernelMeter.Process(taken.Batch);
        Exception? error = null;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await using (taken.Session)
            {
                foreach (var same in taken.Batch.GroupBy(held => held.Type))
                    await Handling.Invoke(scope.ServiceProvider, same.Key, [.. same], taken.Session, ct);
                await taken.Session.Commit(ct);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested) // Whatever a handler throws is found out about by lease.
        {
            error = e;
            byLease[taken.Queue.Name] = Cautious(taken.Queue);
            log.LogDebug(e, "A batch of {Queue} goes by lease", taken.Queue.Name);
        }
        finally
        {
            inHand.Leave();
        }

        KernelMeter.Processed(activity, taken.Batch, from, error);
        return error is null;
    }

    private async Task<List<Held>> Read(NpgsqlConnection connection, QueueOptions queue, CancellationToken ct)
    {
        var front = fronts.GetOrAdd(queue.Name, _ => new QueueFront(clock));
        var from = front.Next();
        var rows = await Read(connection, queue, from, ct);
        if (rows.Count == 0 && from is not null) rows = await Read(connection, queue, from: null, ct);

        List<(Held Held, DateTime ScheduledFor)> ordered = [.. rows.OrderBy(row => row.ScheduledFor).ThenBy(row => row.Held.Id)];
        front.Found(ordered is [var oldest, ..] ? new QueuePlace(oldest.ScheduledFor, oldest.Held.Id) : null);
        return ordered.ConvertAll(row => row.Held);
    }

    private async Task<List<(Held Held, DateTime ScheduledFor)>> Read(
        NpgsqlConnection connection, QueueOptions queue, QueuePlace? from, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(store.Roles.Enter(RowScope.Service)), Command(queue, from) } };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        var rows = new List<(Held Held, DateTime ScheduledFor)>();
        while (await reader.ReadAsync(ct)) rows.Add((Row(reader, queue), reader.GetDateTime(6)));
        return rows;
    }

    private NpgsqlBatchCommand Command(QueueOptions queue, QueuePlace? from) => new(Delete)
    {
        Parameters =
        {
            new("queue", queue.Name), new("types", registry.WireNames(queue)), new("now", clock.GetUtcNow()), new("most", queue.BatchSize),
            new("from", NpgsqlDbType.TimestampTz) { Value = (object?)from?.ScheduledFor ?? DBNull.Value }, new("from_id", from?.Id ?? 0),
        },
    };

    private Held Row(NpgsqlDataReader row, QueueOptions queue) => new(
        row.GetInt64(0), queue, registry.Named(row.GetString(1)), Key: null, IsOrdered: false, row.GetString(2), Attempt: 1, Counted: 1,
        Generation: 0, IsSuspect: false, row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4))
    {
        Trace = row.IsDBNull(5) ? null : Traces.From(row.GetString(5)),
    };

    /// <summary>As many as may have been under way when a process ended, and one.</summary>
    private static int Cautious(QueueOptions queue) => queue.Workers + 1;
}

/// <summary>Messages that are gone once their session has committed.</summary>
internal sealed record Taken(QueueOptions Queue, Session Session, IReadOnlyList<Held> Batch);
