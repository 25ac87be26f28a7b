using System.Data.Common;

namespace MassMessaging.Kernel;

/// <summary>
/// One transaction (read committed). Appended events, inline views, outgoing messages, the SQL run here and the completion of the
/// message being handled commit together or not at all. Disposing without <see cref="Commit"/> rolls back.
/// </summary>
public interface ISession : IAsyncDisposable
{
    /// <summary>The session's instant on the database's clock; pass it as <c>@now</c>.</summary>
    DateTimeOffset Now { get; }

    Origin Origin { get; }

    /// <summary>
    /// Folds one stream; append with the version it answers. A change in between is a <see cref="ConcurrencyException"/> at commit.
    /// </summary>
    Task<Versioned<T>> FetchForWriting<T>(StreamKey stream, CancellationToken ct)
        where T : IAggregate<T>;

    /// <summary>
    /// Locks the streams in key order, then folds them all in one query: no conflict is possible afterwards.
    /// Streams that do not exist are answered with version 0 and are not locked.
    /// </summary>
    Task<IReadOnlyDictionary<StreamKey, Versioned<T>>> LoadMany<T>(IReadOnlyCollection<StreamKey> streams, CancellationToken ct)
        where T : IAggregate<T>;

    /// <summary>Queues events for the commit. <paramref name="expectedVersion"/> 0 starts the stream.</summary>
    void Append(StreamKey stream, long expectedVersion, params IReadOnlyList<object> events);

    /// <summary>
    /// The session's events of this stream belong to this trace, not to the one of the flow that writes them for many; null changes nothing.
    /// </summary>
    void Trace(StreamKey stream, string? traceParent);

    /// <summary>
    /// Queues a durable message for the commit. A keyed message is unique in its queue: sent again while it waits, the later body and the
    /// earlier due time stay; sent again while it is being handled, it is re-armed. <paramref name="at"/> null means now.
    /// </summary>
    void Send(object message, string? key = null, DateTimeOffset? at = null);

    /// <summary>
    /// Before the first statement: those that are prepared keep one plan for all arguments, also where one for each looks cheaper.
    /// </summary>
    void PlanOnce();

    /// <summary>Runs a statement in the transaction; answers the number of rows it changed. Parameters are named <c>@name</c>.</summary>
    Task<int> Sql(string text, CancellationToken ct, params (string Name, object? Value)[] args);

    /// <summary>Runs a query in the transaction and maps every row.</summary>
    Task<List<T>> Query<T>(string text, Func<DbDataReader, T> map, CancellationToken ct, params (string Name, object? Value)[] args);

    /// <summary>
    /// Queues a statement without a result for the commit, ahead of the events and in one round trip with them: for what nothing else in the
    /// session asks for.
    /// </summary>
    void AtCommit(string text, params (string Name, object? Value)[] args);

    /// <summary>Writes rows that are new, at the latest with the commit: the record's properties are the table's columns, in snake_case.</summary>
    Task Insert<TRow>(string table, IReadOnlyList<TRow> rows, CancellationToken ct)
        where TRow : class;

    /// <exception cref="ConcurrencyException">
    /// A stream is not at the expected version (or its id is taken): nothing was written.
    /// </exception>
    /// <exception cref="LeaseLostException">The message being handled belongs to another worker by now: nothing was written.</exception>
    Task Commit(CancellationToken ct);
}
