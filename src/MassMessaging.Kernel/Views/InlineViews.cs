using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel;

/// <summary>Views that commit with the events: two round trips for all of them, whatever the number of events.</summary>
internal sealed class InlineViews(IReadOnlyList<ViewType> views)
{
    // Rows that several streams write to may not exist yet, so there is nothing else to lock.
    private const string LockShared = "select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest(@names::text[]) as n (name)";

    public async Task Apply(NpgsqlConnection connection, IReadOnlyList<RecordedEvent> events, CancellationToken ct)
    {
        var folds = views.Select(view => new RowViewFold(view, events)).Where(fold => !fold.IsEmpty).ToList();
        await Load(connection, folds, ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in folds.SelectMany(fold => fold.Write(fold.View.Table, areLocked: true))) batch.BatchCommands.Add(command);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(ct);
    }

    private static async Task Load(NpgsqlConnection connection, List<RowViewFold> folds, CancellationToken ct)
    {
        var loading = folds.Where(fold => fold.KeysToLoad.Count > 0).ToList();
        if (loading.Count == 0) return;

        await using var batch = new NpgsqlBatch(connection);
        var shared = loading.SelectMany(fold => fold.SharedKeys.Select(key => $"{fold.View.Table}/{key.Profile}/{key.Id}")).Order(StringComparer.Ordinal).ToArray();
        if (shared.Length > 0) batch.BatchCommands.Add(new NpgsqlBatchCommand(LockShared) { Parameters = { Names(shared) } });
        foreach (var fold in loading) batch.BatchCommands.Add(RowViewWriter.Load(fold.View, fold.View.Table, fold.KeysToLoad, forUpdate: true));

        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (shared.Length > 0) await reader.NextResultAsync(ct);
        foreach (var fold in loading)
        {
            while (await reader.ReadAsync(ct)) fold.Loaded(fold.View.Columns.Read(reader));
            await reader.NextResultAsync(ct);
        }
    }

    private static NpgsqlParameter Names(string[] names) => new("names", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = names };
}
