using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>Folds a batch of events into a row view's rows.</summary>
internal sealed class RowViewFold
{
    private readonly ViewType view;
    private readonly List<KeyValuePair<StreamKey, List<RecordedEvent>>> events;
    private readonly Dictionary<StreamKey, object?> rows = [];

    public RowViewFold(ViewType view, IEnumerable<RecordedEvent> recorded)
    {
        this.view = view;
        var byKey = new Dictionary<StreamKey, List<RecordedEvent>>();
        foreach (var one in recorded)
        {
            if (!view.Cares(one.Data.GetType()) || view.RowOf(one) is not { } id) continue;
            var key = new StreamKey(one.Stream.Profile, id);
            if (!byKey.TryGetValue(key, out var own)) byKey.Add(key, own = new(1));
            own.Add(one);
        }

        events = [.. byKey.OrderBy(pair => pair.Key)];
        KeysToLoad = events.FindAll(pair => !StartsOwnRow(pair.Key, pair.Value[0])).ConvertAll(pair => pair.Key);
        SharedKeys = events.FindAll(pair => !IsOwn(pair)).ConvertAll(pair => pair.Key);
    }

    public ViewType View => view;

    public bool IsEmpty => events.Count == 0;

    /// <summary>In key order. A stream that starts in this batch has no row of its own yet.</summary>
    public IReadOnlyList<StreamKey> KeysToLoad { get; }

    /// <summary>Rows that streams other than their own write to: two sessions may both find them missing.</summary>
    public IReadOnlyList<StreamKey> SharedKeys { get; }

    public void Loaded(object row) => rows[view.Columns.Key(row)] = row;

    /// <summary>The statements that write the folded rows, in key order.</summary>
    /// <param name="areLocked">What was loaded is there until the transaction's end: changing it costs half of an upsert.</param>
    public IEnumerable<NpgsqlBatchCommand> Write(string table, bool areLocked = false)
    {
        var folded = events.Select(pair => (pair.Key, Row: Fold(pair.Key, pair.Value))).ToList();
        var changed = folded.Where(one => areLocked && one.Row is not null && rows.ContainsKey(one.Key)).Select(one => (Was: rows[one.Key]!, Is: one.Row!)).ToList();
        var kept = folded.Where(one => one.Row is not null && !(areLocked && rows.ContainsKey(one.Key))).Select(one => one.Row!).ToList();
        var gone = folded.Where(one => one.Row is null && rows.ContainsKey(one.Key)).Select(one => one.Key).ToList();
        if (RowViewWriter.Update(view, table, changed) is { } update) yield return update;
        if (kept.Count > 0) yield return RowViewWriter.Upsert(view, table, kept);
        if (gone.Count > 0) yield return RowViewWriter.Delete(table, gone);
    }

    /// <summary>Rows of streams that start here, where they are many: nobody has written them before. They are written by nothing else.</summary>
    public List<object> TakeStarted()
    {
        if (events.Count(IsStarted) < OwnerCopy.Fewest) return [];

        var taken = events.FindAll(IsStarted);
        _ = events.RemoveAll(IsStarted);
        return [.. taken.Select(pair => Fold(pair.Key, pair.Value)).OfType<object>()];
    }

    private static bool IsStarted(KeyValuePair<StreamKey, List<RecordedEvent>> pair) =>
        StartsOwnRow(pair.Key, pair.Value[0]) && IsOwn(pair);

    private static bool IsOwn(KeyValuePair<StreamKey, List<RecordedEvent>> pair)
    {
        foreach (var one in pair.Value)
            if (one.Stream != pair.Key) return false;
        return true;
    }

    private object? Fold(StreamKey key, List<RecordedEvent> own) =>
        own.Aggregate(rows.GetValueOrDefault(key), view.Evolve);

    private static bool StartsOwnRow(StreamKey key, RecordedEvent first) => first.Stream == key && first.Version == 1;
}
