using System.Data.Common;
using MassMessaging.Kernel;

namespace MassMessaging.Idempotency;

/// <summary>
/// The store as a request with a key sees it: what its sessions commit, they commit together with the mark that it was done.
/// </summary>
internal sealed class IdempotentStore(IStore store, IHttpContextAccessor http) : IStore
{
    public TimeProvider Clock => store.Clock;

    public ISession Open(Origin origin) =>
        http.HttpContext?.Features.Get<RunningRequest>() is { } request && request.Caller.Origin.Actor == origin.Actor
            ? new MarkingSession(store.Open(origin), request)
            : store.Open(origin);

    public Task<List<T>> Query<T>(
        string text, Func<DbDataReader, T> map, CancellationToken ct, params (string Name, object? Value)[] args) =>
        store.Query(text, map, ct, args);

    public IAsyncEnumerable<RecordedEvent> Read(
        StreamKey stream, CancellationToken ct, long fromVersion = 1, long toVersion = long.MaxValue) =>
        store.Read(stream, ct, fromVersion, toVersion);
}

internal sealed class MarkingSession(ISession session, RunningRequest request) : ISession
{
    private const string Mark = """
        update idempotent_request set is_done = true where profile_id = @profile and key = @key and attempt = @attempt
        """;

    public DateTimeOffset Now => session.Now;

    public Origin Origin => session.Origin;

    public Task<Versioned<T>> FetchForWriting<T>(StreamKey stream, CancellationToken ct)
        where T : IAggregate<T> => session.FetchForWriting<T>(stream, ct);

    public Task<IReadOnlyDictionary<StreamKey, Versioned<T>>> LoadMany<T>(IReadOnlyCollection<StreamKey> streams, CancellationToken ct)
        where T : IAggregate<T> => session.LoadMany<T>(streams, ct);

    public void Append(StreamKey stream, long expectedVersion, params IReadOnlyList<object> events) =>
        session.Append(stream, expectedVersion, events);

    public void Trace(StreamKey stream, string? traceParent) => session.Trace(stream, traceParent);

    public void Send(object message, string? key = null, DateTimeOffset? at = null) => session.Send(message, key, at);

    public void PlanOnce() => session.PlanOnce();

    public Task<int> Sql(string text, CancellationToken ct, params (string Name, object? Value)[] args) => session.Sql(text, ct, args);

    public Task<List<T>> Query<T>(
        string text, Func<DbDataReader, T> map, CancellationToken ct, params (string Name, object? Value)[] args) =>
        session.Query(text, map, ct, args);

    public void AtCommit(string text, params (string Name, object? Value)[] args) => session.AtCommit(text, args);

    public Task Insert<TRow>(string table, IReadOnlyList<TRow> rows, CancellationToken ct)
        where TRow : class => session.Insert(table, rows, ct);

    public async Task Commit(CancellationToken ct)
    {
        if (!request.IsDone)
        {
            var marked = await session.Sql(
                Mark, ct, ("profile", request.Caller.ProfileId), ("key", request.Key), ("attempt", request.Attempt));
            if (marked == 0) throw RepeatProblems.InProgress(); // another run has taken over: nothing of this one may stay
        }

        await session.Commit(ct);
        request.IsDone = true;
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();
}
