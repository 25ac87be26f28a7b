using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel;

/// <summary>Views that commit with the events: written on the way to the commit, whatever the number of events.</summary>
internal sealed class InlineViews(IReadOnlyList<ViewType> views)
{
    public InlineFolds Of(IReadOnlyList<RecordedEvent> events) => new([.. views.Select(view => new RowViewFold(view, events)).Where(fold => !fold.IsEmpty)]);
}

/// <summary>The inline views of one session's events.</summary>
internal sealed class InlineFolds(IReadOnlyList<RowViewFold> folds)
{
    // Rows that several streams write to may not exist yet, so there is nothing else to lock.
    private const string LockShared = "select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest(@names::text[]) as n (name)";

    private readonly List<RowViewFold> loading = [.. folds.Where(fold => fold.KeysToLoad.Count > 0)];

    private readonly string[] shared = [.. folds.Where(fold => fold.KeysToLoad.Count > 0)
        .SelectMany(fold => fold.SharedKeys.Select(key => $"{fold.View.Table}/{key.Profile}/{key.Id}")).Order(StringComparer.Ordinal)];

    /// <summary>
    /// The statements that load the rows, behind those that lock the streams: a row that only its own stream writes to is locked by that.
    /// The table is as well, so that a rebuild exchanges rows before they are loaded or after they are written.
    /// </summary>
    public IEnumerable<NpgsqlBatchCommand> Loads()
    {
        if (shared.Length > 0) yield return new NpgsqlBatchCommand(LockShared) { Parameters = { Names(shared) } };
        foreach (var fold in loading)
        {
            yield return new NpgsqlBatchCommand($"lock table {fold.View.Table} in row exclusive mode");
            yield return RowViewWriter.Load(fold.View, fold.View.Table, fold.KeysToLoad, forUpdate: fold.SharedKeys.Count > 0);
        }
    }

    /// <summary>What <see cref="Loads"/> answers.</summary>
    public async Task Read(NpgsqlDataReader reader, CancellationToken ct)
    {
        if (shared.Length > 0) await reader.NextResultAsync(ct);
        foreach (var fold in loading)
        {
            while (await reader.ReadAsync(ct)) fold.Loaded(fold.View.Columns.Read(reader));
            await reader.NextResultAsync(ct);
        }
    }

    /// <summary>Those statements, where nothing else goes out beside them.</summary>
    public async Task Load(NpgsqlConnection connection, CancellationToken ct)
    {
        if (loading.Count == 0) return;

        await using var batch = new NpgsqlBatch(connection);
        foreach (var load in Loads()) batch.BatchCommands.Add(load);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await Read(reader, ct);
    }

    /// <summary>The statements that write the rows, behind a COPY of those that are many and new.</summary>
    /// <param name="copy">Null: the session may not copy.</param>
    public async Task<IEnumerable<NpgsqlBatchCommand>> Writes(OwnerCopy? copy, CancellationToken ct)
    {
        foreach (var fold in copy is null ? [] : folds)
        {
            if (fold.TakeStarted() is { Count: > 0 } started) await copy!.Write(fold.View.Table, fold.View.Columns, started, ct);
        }

        return folds.SelectMany(fold => fold.Write(fold.View.Table, areLocked: true));
    }

    private static NpgsqlParameter Names(string[] names) => new("names", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = names };
}
