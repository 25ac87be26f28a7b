using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// Reads the events of a chain in the order of the log, over the chain view's rows: one index scan, and one look-up by primary key for each
/// event. Each page is a statement of its own.
/// </summary>
public sealed class EventChains(NpgsqlDataSource database, EventRegistry registry, Views views)
{
    /// <summary>
    /// Returns when the chains hold all that was committed before the call, and how far that is; this node helps. Null: they did not get
    /// there within <paramref name="patience"/>, or an event has stopped the view.
    /// </summary>
    public async Task<long?> CatchUp<TLink>(TimeSpan patience, CancellationToken ct)
        where TLink : class, IChainView<TLink>
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            return await views.CatchUp(TLink.ViewName, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The chain's last row at or before a place in the log; null if it has none there.</summary>
    public async Task<TLink?> Last<TLink>(StreamKey chain, CancellationToken ct, long until = long.MaxValue)
        where TLink : class, IChainView<TLink>
    {
        var columns = views.Named(TLink.ViewName).Columns;
        await using var command = database.CreateCommand($"""
            select {columns.List} from {TLink.Table}
            where profile_id = @profile and id = @id and seq <= @until
            order by seq desc limit 1
            """);
        Arguments.Add(command.Parameters, [("profile", chain.Profile), ("id", chain.Id), ("until", until)]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (TLink)columns.Read(reader) : null;
    }

    /// <summary>Up to <paramref name="most"/> events behind <paramref name="after"/>, up to <paramref name="until"/>.</summary>
    public async Task<List<Chained<TLink>>> Page<TLink>(StreamKey chain, long after, long until, int most, CancellationToken ct)
        where TLink : class, IChainView<TLink>
    {
        var columns = views.Named(TLink.ViewName).Columns;
        await using var command = database.CreateCommand($"""
            select {string.Join(", ", columns.Columns.Select(column => "c." + column.Name))}, {EventRow.Columns}
            from (
                select * from {TLink.Table}
                where profile_id = @profile and id = @id and seq > @after and seq <= @until
                order by seq limit @most) c
            left join mt_events e on e.seq_id = c.seq and e.tenant_id = @tenant
            order by c.seq
            """);
        Arguments.Add(command.Parameters, [("profile", chain.Profile), ("id", chain.Id), ("tenant", EventWriter.Tenant(chain)), ("after", after), ("until", until), ("most", most)]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (page, first) = (new List<Chained<TLink>>(), columns.Columns.Count);
        while (await reader.ReadAsync(ct))
        {
            var stored = await reader.IsDBNullAsync(first, ct) ? null : LoggedEvent.Of(EventRow.ReadFrom(reader, first));
            page.Add(new Chained<TLink>((TLink)columns.Read(reader), stored));
        }

        return page;
    }

    /// <summary>
    /// Events of the chain's streams that the view has passed and never seen: somebody has put them into the log behind its back.
    /// </summary>
    public async Task<List<LoggedEvent>> Strays<TLink>(StreamKey chain, long until, int most, CancellationToken ct)
        where TLink : class, IChainView<TLink>
    {
        await using var command = database.CreateCommand($"""
            with streams as (
                select distinct e.stream_id from {TLink.Table} c join mt_events e on e.seq_id = c.seq
                where c.profile_id = @profile and c.id = @id)
            select {EventRow.Columns}
            from streams s
            join mt_events e on e.tenant_id = @tenant and e.stream_id = s.stream_id
            where e.seq_id <= @until
                and not exists (select 1 from {TLink.Table} c where c.profile_id = @profile and c.id = @id and c.seq = e.seq_id)
            order by e.seq_id limit @most
            """);
        Arguments.Add(
            command.Parameters,
            [("profile", chain.Profile), ("id", chain.Id), ("tenant", EventWriter.Tenant(chain)), ("until", until), ("most", most)]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var strays = new List<LoggedEvent>();
        while (await reader.ReadAsync(ct)) strays.Add(LoggedEvent.Of(EventRow.Read(reader)));
        return strays;
    }

    /// <summary>Events of the chain's streams that a person let the view pass over, in the order of the log.</summary>
    public async Task<List<SkippedEvent>> Skipped<TLink>(StreamKey chain, int most, CancellationToken ct)
        where TLink : class, IChainView<TLink>
    {
        var skipped = (await views.Skipped(ct)).Where(one => one.View == TLink.ViewName).ToDictionary(one => one.Seq);
        if (skipped.Count == 0) return [];

        var strays = await Strays<TLink>(chain, long.MaxValue, most, ct);
        return [.. strays.Where(stray => skipped.ContainsKey(stray.Seq)).Select(stray => skipped[stray.Seq])];
    }

    /// <summary>The event as views see it, brought up to its present type.</summary>
    /// <exception cref="InvalidOperationException">This version of the program cannot read it.</exception>
    public RecordedEvent Recorded(Guid profile, LoggedEvent stored)
    {
        var row = new EventRow(
            stored.Seq, EventWriter.Tenant(new StreamKey(profile, stored.StreamId)), stored.StreamId, stored.Version, stored.Type, stored.Utf8,
            stored.At, DotnetType: null, stored.Actor, stored.CorrelationId, stored.CausationId);
        try
        {
            return row.Recorded(registry);
        }
        catch (UnreadableEventException failure)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }
}
