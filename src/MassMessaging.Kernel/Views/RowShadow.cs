using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// A row view's rows in the making. As long as all of them fit in memory each is written once, by COPY; beyond <paramref name="most"/> they
/// are loaded again when an event asks for them.
/// </summary>
/// <param name="hasRows">The table has rows from an earlier process.</param>
internal sealed class RowShadow(ViewType view, ShadowTable table, int most, bool hasRows) : IShadow
{
    private const int Portion = 5_000;

    private readonly Dictionary<StreamKey, Slot> slots = [];
    private readonly List<(Slot Slot, RecordedEvent Recorded)> work = [];
    private bool isComplete = !hasRows;

    public int Held => slots.Count;

    public async Task Take(SharedConnection connection, IReadOnlyList<RecordedEvent> events, CancellationToken ct)
    {
        work.Clear();
        var missing = new List<StreamKey>();
        foreach (var recorded in events) Assign(recorded, missing);
        if (missing.Count > 0) await connection.Use(writing => Load(writing, missing, ct), ct);
        foreach (var (slot, recorded) in work) (slot.Row, slot.IsChanged) = (view.Evolve(slot.Row, recorded), true);
    }

    public async Task Write(NpgsqlConnection connection, CancellationToken ct)
    {
        var changed = slots.Where(pair => pair.Value.IsChanged).ToList();
        var added = changed.Where(pair => pair.Value is { IsStored: false, Row: not null }).Select(pair => pair.Value.Row!);
        await CopyWriter.Write(connection, table.Name, view.Columns, added, view.Columns.Copy, ct);

        var updated = changed.Where(pair => pair.Value is { IsStored: true, Row: not null }).Select(pair => pair.Value.Row!).ToList();
        var gone = changed.Where(pair => pair.Value is { IsStored: true, Row: null }).Select(pair => pair.Key).ToList();
        if (updated.Count + gone.Count > 0) await table.IndexKey(connection, ct);
        foreach (var portion in updated.Chunk(Portion)) await Run(connection, RowViewWriter.Upsert(view, table.Name, portion), ct);
        foreach (var portion in gone.Chunk(Portion)) await Run(connection, RowViewWriter.Delete(table.Name, portion), ct);

        foreach (var (_, slot) in changed) (slot.IsChanged, slot.IsStored) = (false, slot.Row is not null);
        if (slots.Count < most) return;

        slots.Clear();
        isComplete = false;
    }

    public void Forget()
    {
        slots.Clear();
        isComplete = false;
    }

    private void Assign(RecordedEvent recorded, List<StreamKey> missing)
    {
        if (view.RowOf(recorded) is not { } row) return;

        var key = new StreamKey(recorded.Stream.Profile, row);
        if (!slots.TryGetValue(key, out var slot))
        {
            slots.Add(key, slot = new Slot());
            if (!isComplete && !IsFirstOfOwn(recorded, key)) missing.Add(key);
        }

        work.Add((slot, recorded));
    }

    // As in the live fold: a stream that starts has no row of its own yet.
    private static bool IsFirstOfOwn(RecordedEvent recorded, StreamKey key) => recorded.Stream == key && recorded.Version == 1;

    private async Task Load(NpgsqlConnection connection, List<StreamKey> missing, CancellationToken ct)
    {
        await table.IndexKey(connection, ct);
        foreach (var portion in missing.Chunk(Portion))
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(RowViewWriter.Load(view, table.Name, portion, forUpdate: false));
            await using var reader = await batch.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var row = view.Columns.Read(reader);
                var slot = slots[view.Columns.Key(row)];
                (slot.Row, slot.IsStored) = (row, true);
            }
        }
    }

    private static async Task Run(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await batch.ExecuteNonQueryAsync(ct);
    }

    private sealed class Slot
    {
        public object? Row { get; set; }

        /// <summary>The table has it, as it is or as it was.</summary>
        public bool IsStored { get; set; }

        public bool IsChanged { get; set; }
    }
}
