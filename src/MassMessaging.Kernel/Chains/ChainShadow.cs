using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>A chain view's rows in the making: each is written once, by COPY; only the last of each chain is remembered.</summary>
/// <param name="hasRows">The table has rows from an earlier process.</param>
internal sealed class ChainShadow(ViewType view, ShadowTable table, int most, bool hasRows) : IShadow
{
    private const int Portion = 5_000;

    private readonly Dictionary<StreamKey, object> last = [];
    private readonly List<object> rows = [];
    private bool isComplete = !hasRows;

    public int Held => rows.Count;

    public async Task Take(SharedConnection connection, IReadOnlyList<RecordedEvent> events, CancellationToken ct)
    {
        var own = ChainViewFold.Own(view, events);
        var missing = isComplete ? [] : own.Select(one => one.Key).Distinct().Where(key => !last.ContainsKey(key)).Order().ToList();
        if (missing.Count > 0) await connection.Use(writing => Load(writing, missing, ct), ct);
        ChainViewFold.Fold(view, own, last, rows);
    }

    public async Task Write(NpgsqlConnection connection, CancellationToken ct)
    {
        if (rows.Count > 0) await CopyWriter.Write(connection, table.Name, view.Columns, rows, view.Columns.Copy, ct);
        rows.Clear();
        if (last.Count >= most) Forget();
    }

    public void Forget()
    {
        last.Clear();
        rows.Clear();
        isComplete = false;
    }

    private async Task Load(NpgsqlConnection connection, List<StreamKey> keys, CancellationToken ct)
    {
        await table.IndexKey(connection, ct);
        foreach (var portion in keys.Chunk(Portion))
            foreach (var (key, row) in await ChainViewFold.Last(connection, view, table.Name, portion, ct))
                last.Add(key, row);
    }
}
