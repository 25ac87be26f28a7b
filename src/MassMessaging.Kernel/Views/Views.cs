using Npgsql;

namespace MassMessaging.Kernel;

/// <param name="Kind"><c>inline</c>, <c>async</c> or <c>sums</c>.</param>
/// <param name="Position">Last place in the log that the view has taken in; null for an inline view, which commits with the events.</param>
/// <param name="Lag">Places in the log between the view and the last number drawn; 0 for an inline view.</param>
/// <param name="State"><c>running</c> or <c>stopped</c>.</param>
/// <param name="StoppedAt">The event that stopped it.</param>
/// <param name="Error">Why, for a person.</param>
public sealed record ViewStatus(string Name, string Table, string Kind, long? Position, long Lag, string State, long? StoppedAt, string? Error)
{
    /// <summary>Null: it runs.</summary>
    public StoppingEvent? Failure { get; init; }
}

/// <param name="Type">As it stands in the log.</param>
/// <param name="TenantId">Usually a profile's id.</param>
/// <param name="At">Since when the view stands still.</param>
public sealed record StoppingEvent(long Seq, string? Type, string? TenantId, Guid? StreamId, string Error, DateTimeOffset At);

/// <summary>An event that a person let a view pass over.</summary>
public sealed record SkippedEvent(string View, long Seq, string Note, string Actor, DateTimeOffset At);

/// <summary>The views as operations see them, and the means to bring them up to date.</summary>
public sealed class Views : IDisposable
{
    private const string ReadStatus = """
        select n.name, coalesce(p.last_seq_id, 0), (select case when is_called then last_value else 0 end from mt_events_sequence), s.seq_id, s.error,
            s.at, e.type, e.tenant_id, e.stream_id
        from unnest(@names) as n (name)
        left join mt_event_progression p on p.name = n.name
        left join view_stop s on s.name = n.name
        left join mt_events e on e.seq_id = s.seq_id
        """;

    private const string ReadSkipped = "select name, seq_id, note, actor, at from view_skip order by name, seq_id";

    private const string Release = "delete from view_stop where name = any (@names)";

    private const string SkipEvent = """
        with released as (delete from view_stop where name = @name and seq_id = @seq)
        insert into view_skip (name, seq_id, note, actor, at) values (@name, @seq, @note, @actor, @now)
        on conflict (name, seq_id) do nothing
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly KernelBuilder kernel;
    private readonly NpgsqlDataSource database;
    private readonly TimeProvider clock;
    private readonly Messages.WakeUp wakeUp;

    internal Views(
        KernelBuilder kernel, NpgsqlDataSource database, SafePosition safe, EventPages pages, Messages.WakeUp wakeUp, TimeProvider clock)
    {
        (this.kernel, this.database, this.wakeUp, this.clock, Safe) = (kernel, database, wakeUp, clock, safe);
        Async = [.. kernel.Views.Where(view => view.Mode == ViewMode.Async).Select(view => new AsyncView(view, database, pages, clock))];
    }

    internal SafePosition Safe { get; }

    internal IReadOnlyList<AsyncView> Async { get; }

    internal IReadOnlyList<ViewType> Types => kernel.Views;

    /// <exception cref="InvalidOperationException">No view has that name.</exception>
    internal ViewType Named(string name) => kernel.Views.FirstOrDefault(view => view.Name == name)
        ?? throw new InvalidOperationException($"There is no view {name}.");

    public async Task<IReadOnlyList<ViewStatus>> Status(CancellationToken ct)
    {
        await using var command = database.CreateCommand(ReadStatus);
        Arguments.Add(command.Parameters, [("names", kernel.Views.Select(view => view.Name).ToArray())]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var status = new List<ViewStatus>();
        while (await reader.ReadAsync(ct))
        {
            var (view, position) = (Named(reader.GetString(0)), reader.GetInt64(1));
            var isInline = view.Mode == ViewMode.Inline;
            long? stoppedAt = reader.IsDBNull(3) ? null : reader.GetInt64(3);
            status.Add(new ViewStatus(
                view.Name, view.Table, isInline ? "inline" : view.IsSum ? "sums" : "async", isInline ? null : position,
                isInline ? 0 : Math.Max(0, reader.GetInt64(2) - position), stoppedAt is null ? "running" : "stopped", stoppedAt,
                stoppedAt is null ? null : reader.GetString(4))
            {
                Failure = stoppedAt is null ? null : Failure(reader),
            });
        }

        return status;
    }

    /// <summary>By whom and why events were passed over, for good.</summary>
    public async Task<IReadOnlyList<SkippedEvent>> Skipped(CancellationToken ct)
    {
        await using var command = database.CreateCommand(ReadSkipped);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var skipped = new List<SkippedEvent>();
        while (await reader.ReadAsync(ct))
        {
            skipped.Add(new SkippedEvent(
                reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4)));
        }

        return skipped;
    }

    /// <summary>Returns when every async view has taken in all that was committed before the call.</summary>
    /// <exception cref="InvalidOperationException">A view is stopped; the message is its error.</exception>
    public async Task CatchUp(CancellationToken ct)
    {
        await Start(ct);
        var safe = await Safe.Reach(ct);
        foreach (var view in Async)
        {
            if (!await Reaches(view, safe, ct))
                throw new InvalidOperationException((await Status(ct)).First(status => status.Name == view.Type.Name).Error);
        }
    }

    /// <summary>The same, of one view. Answers the place in the log that it has reached; null: an event has stopped it.</summary>
    internal async Task<long?> CatchUp(string view, CancellationToken ct)
    {
        await Start(ct);
        var safe = await Safe.Reach(ct);
        return await Reaches(Async.First(one => one.Type.Name == view), safe, ct) ? safe : null;
    }

    /// <summary>Lets a stopped view try again.</summary>
    public async Task Retry(string view, CancellationToken ct)
    {
        await Run(Release, ct, ("names", new[] { Named(view).Name }));
        wakeUp.Raise(Messages.WakeUp.Events);
    }

    /// <summary>Lets a view pass over one event, for good: rebuilds pass over it too. The first note about an event stays.</summary>
    /// <param name="note">Why, for those who come later; never personal data.</param>
    public async Task Skip(string view, long seq, string note, string actor, CancellationToken ct)
    {
        await Run(SkipEvent, ct, ("name", Named(view).Name), ("seq", seq), ("note", note), ("actor", actor), ("now", clock.GetUtcNow()));
        wakeUp.Raise(Messages.WakeUp.Events);
    }

    public void Dispose()
    {
        foreach (var view in Async) view.Dispose();
    }

    internal async Task Start(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await ViewProgress.Start(connection, Async.Select(view => view.Type.Name), clock.GetUtcNow(), ct);
    }

    /// <summary>A process that has just started may be the version that knows the event.</summary>
    internal Task RetryAll(CancellationToken ct) => Run(Release, ct, ("names", kernel.Views.Select(view => view.Name).ToArray()));

    private static StoppingEvent Failure(NpgsqlDataReader row) => new(
        row.GetInt64(3), row.IsDBNull(6) ? null : row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7), row.IsDBNull(8) ? null : row.GetGuid(8),
        row.GetString(4), row.GetFieldValue<DateTimeOffset>(5));

    /// <summary>False: an event has stopped it.</summary>
    private static async Task<bool> Reaches(AsyncView view, long safe, CancellationToken ct)
    {
        while (true)
        {
            var step = await view.Step(safe, ct);
            if (step is ViewStep.Idle or ViewStep.Stopped) return step == ViewStep.Idle;
            if (step == ViewStep.Elsewhere) await Task.Delay(Pause, ct);
        }
    }

    private async Task Run(string sql, CancellationToken ct, params (string, object?)[] args)
    {
        await using var command = database.CreateCommand(sql);
        Arguments.Add(command.Parameters, args);
        await command.ExecuteNonQueryAsync(ct);
    }
}
