using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel;

/// <summary>Adds events up in memory, then to the table: one upsert, keys in order.</summary>
internal sealed class SumViewFold(ViewType view)
{
    private readonly Dictionary<object, long[]> totals = new(view.Sums);

    public int Count => totals.Count;

    /// <exception cref="ViewFailure">The view cannot take the event.</exception>
    public void Add(RecordedEvent recorded)
    {
        if (!view.Cares(recorded.Data.GetType())) return;

        if (view.Increment(recorded) is not { } increment) return;
        if (!totals.TryGetValue(increment, out var total)) totals.Add(increment, total = new long[view.Sums.Sums.Count]);
        view.Sums.Add(increment, total);
    }

    public void Clear() => totals.Clear();

    /// <summary>Adds to what the table holds.</summary>
    public IEnumerable<NpgsqlBatchCommand> Write(string table)
    {
        foreach (var portion in totals.OrderBy(total => view.Sums.Text(total.Key), StringComparer.Ordinal).Chunk(10_000)) yield return Upsert(table, portion);
    }

    /// <summary>Into a table that has none of them yet.</summary>
    public Task Copy(NpgsqlConnection connection, string table, CancellationToken ct) => CopyWriter.Write(
        connection, table, view.Columns, totals,
        (total, buffer) =>
        {
            foreach (var field in view.Sums.Fields) field(total.Key, total.Value, buffer);
        },
        ct);

    private NpgsqlBatchCommand Upsert(string table, KeyValuePair<object, long[]>[] portion)
    {
        var command = new NpgsqlBatchCommand($"""
            insert into {table} as t ({view.Columns.List})
            select * from unnest({view.Columns.Unnest})
            on conflict ({string.Join(", ", view.Keys)}) do update
            set {string.Join(", ", view.Sums.Sums.Select(column => $"{column.Name} = t.{column.Name} + excluded.{column.Name}"))}
            """);
        var rows = portion.Select(total => total.Key).ToList();
        foreach (var column in view.Sums.Keys) command.Parameters.Add(column.Array(rows));
        for (var place = 0; place < view.Sums.Sums.Count; place++)
        {
            var values = portion.Select(total => total.Value[place]).ToArray();
            command.Parameters.Add(new NpgsqlParameter(view.Sums.Sums[place].Name, NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = values });
        }

        return command;
    }
}
