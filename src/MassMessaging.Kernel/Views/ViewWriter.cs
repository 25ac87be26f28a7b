using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>What takes a batch of events into a view's table, in the caller's transaction.</summary>
internal static class ViewWriter
{
    /// <exception cref="ViewFailure">The view cannot take one of the events.</exception>
    public static async Task<List<NpgsqlBatchCommand>> Write(
        NpgsqlConnection connection, ViewType view, string table, IReadOnlyList<RecordedEvent> events, CancellationToken ct) =>
        [.. view.IsSum ? Sum(view, table, events)
            : view.IsChain ? await ChainViewFold.Write(connection, view, table, events, ct)
            : await Fold(connection, view, table, events, ct)];

    private static IEnumerable<NpgsqlBatchCommand> Sum(ViewType view, string table, IReadOnlyList<RecordedEvent> events)
    {
        var sums = new SumViewFold(view);
        foreach (var recorded in events) sums.Add(recorded);
        return sums.Write(table);
    }

    private static async Task<IEnumerable<NpgsqlBatchCommand>> Fold(
        NpgsqlConnection connection, ViewType view, string table, IReadOnlyList<RecordedEvent> events, CancellationToken ct)
    {
        var fold = new RowViewFold(view, events);
        if (fold.KeysToLoad.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(RowViewWriter.Load(view, table, fold.KeysToLoad, forUpdate: false));
            await using var reader = await batch.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) fold.Loaded(view.Columns.Read(reader));
        }

        return fold.Write(table);
    }
}
