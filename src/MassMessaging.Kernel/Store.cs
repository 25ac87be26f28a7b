using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using MassMessaging.Kernel.Messages;
using Npgsql;

namespace MassMessaging.Kernel;

internal sealed class Store(
    NpgsqlDataSource database, DatabaseRoles roles, EventRegistry registry, InlineViews inlineViews, Outbox outbox, WakeUp wakeUp, BulkWork bulk,
    TimeProvider clock) : IStore
{
    private const string ReadStream = $"""
        select {EventRow.TracedColumns}
        from mt_events e
        where e.tenant_id = @tenant and e.stream_id = @id and e.version between @from and @to
        order by e.version
        """;

    public TimeProvider Clock => clock;

    internal EventRegistry Registry => registry;

    internal InlineViews InlineViews => inlineViews;

    internal Outbox Outbox => outbox;

    internal WakeUp WakeUp => wakeUp;

    internal NpgsqlDataSource Database => database;

    internal DatabaseRoles Roles => roles;

    internal BulkWork Bulk => bulk;

    public ISession Open(Origin origin) => OpenFor(origin, completion: null);

    /// <param name="completion">
    /// Runs the session's last statements and its own behind them; throws <see cref="LeaseLostException"/> when the message is no longer ours.
    /// </param>
    internal Session OpenFor(Origin origin, Func<NpgsqlBatch, CancellationToken, Task>? completion) =>
        new(this, origin, Instant.Stored(clock.GetUtcNow()), completion);

    public async Task<List<T>> Query<T>(
        string text, Func<DbDataReader, T> map, CancellationToken ct, params (string Name, object? Value)[] args)
    {
        await using var reader = await Scoped(text, args, ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(map(reader));
        return rows;
    }

    public async IAsyncEnumerable<RecordedEvent> Read(
        StreamKey stream, [EnumeratorCancellation] CancellationToken ct, long fromVersion = 1, long toVersion = long.MaxValue)
    {
        await using var reader = await Scoped(ReadStream, StreamArguments(stream, fromVersion, toVersion), ct);
        while (await reader.ReadAsync(ct))
            yield return EventRow.ReadTraced(reader).Recorded(registry);
    }

    internal static (string, object?)[] StreamArguments(StreamKey stream, long from, long to) =>
        [("tenant", stream.Profile.ToString("D")), ("id", stream.Id), ("from", from), ("to", to)];

    /// <summary>One statement in a transaction of its own, in one round trip. Disposing the reader closes the connection.</summary>
    private async Task<NpgsqlDataReader> Scoped(string text, (string Name, object? Value)[] args, CancellationToken ct)
    {
        var statement = new NpgsqlBatchCommand(text);
        Arguments.Add(statement.Parameters, args);
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands = { new NpgsqlBatchCommand(roles.Enter(RowScope.Current)), statement },
            };
            var reader = await batch.ExecuteReaderAsync(CommandBehavior.CloseConnection, ct);
            await reader.NextResultAsync(ct);
            return reader;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
