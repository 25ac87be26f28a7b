using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// Rows of a row view: loaded, and written back, each in one statement. <c>table</c> is the live one or a rebuild's shadow.
/// </summary>
internal static class RowViewWriter
{
    /// <summary>In key order, so that two sessions never wait for one another in a circle.</summary>
    public static NpgsqlBatchCommand Load(ViewType view, string table, IReadOnlyList<StreamKey> keys, bool forUpdate) =>
        Keyed(keys, forUpdate ? LoadLocked(view, table) : LoadOnly(view, table));

    private static string LoadLocked(ViewType view, string table) => $"""
        select {Names(view)}
        from unnest(@profiles::uuid[], @ids::uuid[]) as k (profile_id, id)
        join {table} t on t.profile_id = k.profile_id and t.id = k.id
        order by t.profile_id, t.id
        for update of t
        """;

    // Lateral with offset 0 keeps to one index probe per row, also while the table has grown faster than its statistics.
    private static string LoadOnly(ViewType view, string table) => $"""
        select {Names(view)}
        from unnest(@profiles::uuid[], @ids::uuid[]) as k (profile_id, id)
        cross join lateral (select * from {table} own where own.profile_id = k.profile_id and own.id = k.id offset 0) t
        """;

    private static string Names(ViewType view) => string.Join(", ", view.Columns.Columns.Select(column => "t." + column.Name));

    public static NpgsqlBatchCommand Upsert(ViewType view, string table, IReadOnlyList<object> rows)
    {
        var kept = view.Columns.Columns.Where(column => column.Name is not ("profile_id" or "id")).ToList();
        var update = kept.Count == 0 ? "nothing" : $"update set {string.Join(", ", kept.Select(column => $"{column.Name} = excluded.{column.Name}"))}";
        var command = new NpgsqlBatchCommand($"""
            insert into {table} ({view.Columns.List})
            select * from unnest({view.Columns.Unnest})
            on conflict (profile_id, id) do {update}
            """);
        view.Columns.AddArrays(command.Parameters, rows);
        return command;
    }

    public static NpgsqlBatchCommand Insert(string table, RowColumns columns, IReadOnlyList<object> rows)
    {
        var command = new NpgsqlBatchCommand($"insert into {table} ({columns.List}) select * from unnest({columns.Unnest})");
        columns.AddArrays(command.Parameters, rows);
        return command;
    }

    /// <summary>
    /// Of rows that are there; null when none has changed. Only the columns in which any has: PostgreSQL tidies an index on the way whose
    /// columns an update does not name.
    /// </summary>
    public static NpgsqlBatchCommand? Update(ViewType view, string table, IReadOnlyList<(object Was, object Is)> rows)
    {
        var changed = view.Columns.Columns.Where(column => rows.Any(row => !Equals(column.Value(row.Was), column.Value(row.Is)))).ToList();
        if (changed.Count == 0) return null;

        var named = view.Columns.Columns.Where(column => column.Name is "profile_id" or "id").Concat(changed).ToList();
        var command = new NpgsqlBatchCommand($"""
            update {table} t set {string.Join(", ", changed.Select(column => $"{column.Name} = k.{column.Name}"))}
            from unnest({string.Join(", ", named.Select(column => $"@{column.Name}::{column.PostgresType}[]"))})
                as k ({string.Join(", ", named.Select(column => column.Name))})
            where t.profile_id = k.profile_id and t.id = k.id
            """);
        var values = rows.Select(row => row.Is).ToList();
        foreach (var column in named) command.Parameters.Add(column.Array(values));
        return command;
    }

    public static NpgsqlBatchCommand Delete(string table, IReadOnlyList<StreamKey> keys) => Keyed(keys, $"""
        delete from {table} t
        using unnest(@profiles::uuid[], @ids::uuid[]) as k (profile_id, id)
        where t.profile_id = k.profile_id and t.id = k.id
        """);

    private static NpgsqlBatchCommand Keyed(IReadOnlyList<StreamKey> keys, string sql) => new(sql)
    {
        Parameters = { EventWriter.Ids("profiles", keys.Select(key => key.Profile)), EventWriter.Ids("ids", keys.Select(key => key.Id)) },
    };
}
