using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel;

/// <summary>Adds a batch of events up in memory, then to the table: one upsert, keys in order.</summary>
internal sealed class SumViewFold
{
    private readonly ViewType view;
    private readonly List<RowColumn> sums;
    private readonly List<RowColumn> keys;
    private readonly SortedDictionary<string, (object Row, long[] Sums)> totals = new(StringComparer.Ordinal);

    public SumViewFold(ViewType view, IEnumerable<RecordedEvent> events)
    {
        this.view = view;
        sums = [.. view.Columns.Columns.Where(column => column.Type == typeof(long))];
        keys = [.. view.Columns.Columns.Where(column => column.Type != typeof(long))];
        foreach (var recorded in events)
        {
            if (ViewFailure.Guard(view, recorded, () => view.Increment(recorded)) is { } increment) Add(increment);
        }
    }

    public IEnumerable<NpgsqlBatchCommand> Write(string table)
    {
        if (totals.Count == 0) yield break;

        var command = new NpgsqlBatchCommand($"""
            insert into {table} as t ({view.Columns.List})
            select * from unnest({view.Columns.Unnest})
            on conflict ({string.Join(", ", keys.Select(column => column.Name))}) do update
            set {string.Join(", ", sums.Select(column => $"{column.Name} = t.{column.Name} + excluded.{column.Name}"))}
            """);
        var rows = totals.Values.Select(total => total.Row).ToList();
        foreach (var column in keys) command.Parameters.Add(column.Array(rows));
        for (var place = 0; place < sums.Count; place++)
        {
            var values = totals.Values.Select(total => total.Sums[place]).ToArray();
            command.Parameters.Add(new NpgsqlParameter(sums[place].Name, NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = values });
        }

        yield return command;
    }

    private void Add(object increment)
    {
        var key = string.Join('\u001f', keys.Select(column => Text(column.Value(increment))));
        if (!totals.TryGetValue(key, out var total)) totals.Add(key, total = (increment, new long[sums.Count]));
        for (var place = 0; place < sums.Count; place++) total.Sums[place] += (long)sums[place].Value(increment)!;
    }

    private static string Text(object? value) => value is DateTimeOffset at
        ? at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
}
