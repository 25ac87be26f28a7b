using System.Data.Common;
using MassMessaging.Kernel.Messages;
using Npgsql;

namespace MassMessaging.Kernel;

internal sealed class Session(
    Store store, Origin origin, DateTimeOffset now, Func<NpgsqlBatch, CancellationToken, Task>? completion) : ISession
{
    private readonly PendingEvents pending = new(store.Registry);
    private readonly List<Outgoing> outgoing = [];
    private readonly List<NpgsqlBatchCommand> queued = [];
    private readonly Dictionary<StreamKey, LastEvent> held = [];
    private NpgsqlConnection? connection;
    private NpgsqlTransaction? transaction;
    private readonly RowScope scope = RowScope.Current;
    private bool isOver;
    private bool plansOnce;

    public DateTimeOffset Now => now;

    public Origin Origin => origin;

    public async Task<Versioned<T>> FetchForWriting<T>(StreamKey stream, CancellationToken ct)
        where T : IAggregate<T>
    {
        var rows = await Query(SessionReads.OneStream, StreamRow.Read, ct, ("tenant", EventWriter.Tenant(stream)), ("id", stream.Id));
        return Fold<T>(stream, rows);
    }

    public async Task<IReadOnlyDictionary<StreamKey, Versioned<T>>> LoadMany<T>(
        IReadOnlyCollection<StreamKey> streams, CancellationToken ct)
        where T : IAggregate<T>
    {
        if (streams.Count == 0) return new Dictionary<StreamKey, Versioned<T>>();

        var open = await Connection(ct);
        var locked = await Guarded(() => SessionReads.LockAndRead(open, [.. streams.Distinct().Order()], ct));
        foreach (var (stream, read) in locked) held[stream] = read.Last;
        return streams.Distinct().ToDictionary(stream => stream, stream => Fold<T>(stream, locked.GetValueOrDefault(stream)?.Rows ?? []));
    }

    public void Append(StreamKey stream, long expectedVersion, params IReadOnlyList<object> events)
    {
        RefuseWhenOver();
        pending.Append(stream, expectedVersion, events);
    }

    public void Trace(StreamKey stream, string? traceParent) => pending.Trace(stream, traceParent);

    public void Send(object message, string? key = null, DateTimeOffset? at = null)
    {
        RefuseWhenOver();
        outgoing.Add(new Outgoing(message, key, at));
    }

    public void PlanOnce() => plansOnce = true;

    public void AtCommit(string text, params (string Name, object? Value)[] args) => queued.Add(Arguments.Statement(text, args));

    public async Task<int> Sql(string text, CancellationToken ct, params (string Name, object? Value)[] args)
    {
        var (batch, _) = await Batch(text, args, ct);
        await using (batch) return await Guarded(() => batch.ExecuteNonQueryAsync(ct));
    }

    public async Task<List<T>> Query<T>(
        string text, Func<DbDataReader, T> map, CancellationToken ct, params (string Name, object? Value)[] args)
    {
        var (batch, isFirst) = await Batch(text, args, ct);
        await using (batch)
        {
            return await Guarded(async () =>
            {
                await using var reader = await batch.ExecuteReaderAsync(ct);
                if (isFirst) await reader.NextResultAsync(ct);
                var rows = new List<T>();
                while (await reader.ReadAsync(ct)) rows.Add(map(reader));
                return rows;
            });
        }
    }

    public async Task Insert<TRow>(string table, IReadOnlyList<TRow> rows, CancellationToken ct)
        where TRow : class
    {
        if (rows.Count == 0) return;
        if (rows.Count < OwnerCopy.Fewest || Copying(await Connection(ct)) is not { } copy)
        {
            queued.Add(RowViewWriter.Insert(table, RowColumns<TRow>.All, rows));
            return;
        }

        await Guarded(async () =>
        {
            await copy.Write(table, RowColumns<TRow>.All, rows, ct);
            return rows.Count;
        });
    }

    /// <summary>Goes on in a transaction that has begun, and has entered its role.</summary>
    internal void Adopt(NpgsqlConnection begunOn, NpgsqlTransaction begun) => (connection, transaction) = (begunOn, begun);

    public async Task Commit(CancellationToken ct)
    {
        RefuseWhenOver();
        var sendsOnly = transaction is null && pending.Events.Count == 0 && queued.Count == 0 && completion is null;
        var written = await Guarded(() => sendsOnly ? Send(ct) : Write(ct));
        isOver = true;
        await Release();
        store.WakeUp.Raise(pending.Events.Count > 0 ? written.Append(WakeUp.Events) : written);
    }

    public async ValueTask DisposeAsync()
    {
        isOver = true;
        await Release();
    }

    /// <summary>Messages and nothing else: one round trip, which is a transaction of its own.</summary>
    private async Task<IReadOnlyCollection<string>> Send(CancellationToken ct)
    {
        if (outgoing.Count == 0) return [];

        await using var open = await store.Database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(open) { BatchCommands = { new(store.Roles.Enter(scope)) } };
        var queues = store.Outbox.Add(batch, outgoing, origin, now);
        await batch.ExecuteNonQueryAsync(ct);
        return queues;
    }

    /// <summary>Two round trips: up to the events, and what follows them with the commit, unless that depends on the completion.</summary>
    private async Task<IReadOnlyCollection<string>> Write(CancellationToken ct)
    {
        var open = await Connection(ct);
        await using var batch = new NpgsqlBatch(open);
        foreach (var statement in queued) batch.BatchCommands.Add(statement);
        if (pending.Events.Count > 0)
        {
            var (views, copy) = (store.InlineViews.Of(pending.Recorded(origin, now)), Copying(open));
            await EventWriter.Write(batch, pending, held, views, copy, origin, now, ct);
            batch.BatchCommands.Clear();
            foreach (var write in await views.Writes(copy, ct)) batch.BatchCommands.Add(write);
        }

        var queues = store.Outbox.Add(batch, outgoing, origin, now);
        await (completion ?? BatchCommit.ExecuteAndCommit)(batch, ct);
        if (completion is not null) await transaction!.CommitAsync(ct);
        return queues;
    }

    private OwnerCopy? Copying(NpgsqlConnection open) => scope.IsRequest ? null : new OwnerCopy(open, store.Roles, store.Bulk);

    private Versioned<T> Fold<T>(StreamKey stream, List<StreamRow> rows)
        where T : IAggregate<T> => SessionReads.Fold<T>(stream, rows, [.. pending.Of(stream)], store.Registry);

    private string Enter => plansOnce ? $"{store.Roles.Enter(scope)}, set_config('plan_cache_mode', 'force_generic_plan', true)" : store.Roles.Enter(scope);

    private async Task<NpgsqlConnection> Connection(CancellationToken ct)
    {
        if (!await Begin(ct)) return connection!;

        await using var enter = new NpgsqlCommand(Enter, connection);
        await enter.ExecuteNonQueryAsync(ct);
        return connection!;
    }

    /// <summary>The session's first statement goes out together with its role.</summary>
    private async Task<(NpgsqlBatch Batch, bool IsFirst)> Batch(string text, (string Name, object? Value)[] args, CancellationToken ct)
    {
        var isFirst = await Begin(ct);
        var batch = new NpgsqlBatch(connection);
        if (isFirst) batch.BatchCommands.Add(new NpgsqlBatchCommand(Enter));
        batch.BatchCommands.Add(Arguments.Statement(text, args));
        return (batch, isFirst);
    }

    /// <summary>True: there is a transaction from now on, and it has to enter the session's role.</summary>
    private async Task<bool> Begin(CancellationToken ct)
    {
        RefuseWhenOver();
        if (transaction is not null) return false;

        connection = await store.Database.OpenConnectionAsync(ct);
        transaction = await connection.BeginTransactionAsync(ct);
        return true;
    }

    /// <summary>Whatever fails ends the session: nothing of it stays, and locks are given back at once.</summary>
    private async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failure)
        {
            isOver = true;
            await Release();
            if (Conflicts.IsConflict(failure)) throw new ConcurrencyException("Another session changed the same streams.", failure);
            // The driver's own, of a connection that broke between two statements.
            if (failure is ObjectDisposedException) throw new NpgsqlException("The connection was lost.", new IOException(failure.Message, failure));
            throw;
        }
    }

    private async ValueTask Release()
    {
        var (held, open) = (transaction, connection);
        (transaction, connection) = (null, null);
        if (held is not null) await held.DisposeAsync();
        if (open is not null) await open.DisposeAsync();
    }

    private void RefuseWhenOver()
    {
        if (isOver) throw new InvalidOperationException("The session is over: it was committed, failed, or was disposed.");
    }
}
