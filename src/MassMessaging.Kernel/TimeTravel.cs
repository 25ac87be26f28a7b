namespace MassMessaging.Kernel;

/// <summary>What a stream, or a row folded from one stream, was at a version or an instant.</summary>
public static class TimeTravel
{
    /// <summary>As of the stream's version-th event, or the last one before.</summary>
    public static Task<Versioned<T>> AsOf<T>(this IStore store, StreamKey stream, long version, CancellationToken ct)
        where T : IAggregate<T> => Fold<T>(stream, store.Read(stream, ct, toVersion: version));

    /// <summary>With all events recorded at or before the instant.</summary>
    public static Task<Versioned<T>> AsOf<T>(this IStore store, StreamKey stream, DateTimeOffset at, CancellationToken ct)
        where T : IAggregate<T> => Fold<T>(stream, store.Read(stream, ct).TakeWhile(recorded => recorded.At <= at));

    /// <summary>The view's row that has the stream's id, folded from this stream alone. Null: no row then.</summary>
    public static Task<TRow?> RowAsOf<TRow>(this IStore store, StreamKey stream, long version, CancellationToken ct)
        where TRow : class, IRowView<TRow> => FoldRow<TRow>(stream, store.Read(stream, ct, toVersion: version));

    /// <inheritdoc cref="RowAsOf{TRow}(IStore, StreamKey, long, CancellationToken)"/>
    public static Task<TRow?> RowAsOf<TRow>(this IStore store, StreamKey stream, DateTimeOffset at, CancellationToken ct)
        where TRow : class, IRowView<TRow> => FoldRow<TRow>(stream, store.Read(stream, ct).TakeWhile(recorded => recorded.At <= at));

    private static async Task<Versioned<T>> Fold<T>(StreamKey stream, IAsyncEnumerable<RecordedEvent> events)
        where T : IAggregate<T>
    {
        var folded = new Versioned<T>(stream, 0, T.Initial);
        await foreach (var recorded in events)
            folded = folded with { Version = recorded.Version, State = T.Evolve(folded.State, recorded.Data) };
        return folded;
    }

    private static async Task<TRow?> FoldRow<TRow>(StreamKey stream, IAsyncEnumerable<RecordedEvent> events)
        where TRow : class, IRowView<TRow>
    {
        TRow? row = null;
        await foreach (var recorded in events)
        {
            // Inline views never see a place in the log: neither does the past.
            if (TRow.RowOf(recorded) == stream.Id) row = TRow.Evolve(row, recorded with { Seq = 0 });
        }

        return row;
    }
}
