using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// The table that a rebuild fills beside the live one. It gets its indexes late, when they cost least, and privileges, policies and settings
/// at once, so that nobody can tell a rebuilt table from the first.
/// </summary>
/// <param name="profile">Null: the whole view.</param>
internal sealed class ShadowTable(ViewType view, Guid? profile)
{
    // All that a migration may change of a table; the shadow keeps in its comment what the live table was when it was made from it.
    private const string Shape = """
        select md5(concat_ws('|',
            (select string_agg(format('%s %s %s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated), ', ' order by a.attname)
             from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
            (select string_agg(conname || ' ' || pg_get_constraintdef(oid), ', ' order by conname) from pg_constraint where conrelid = c.oid),
            (select string_agg(pg_get_indexdef(indexrelid) || ' ' || indisvalid, ', ' order by pg_get_indexdef(indexrelid))
             from pg_index where indrelid = c.oid),
            (select string_agg(p::text, ', ' order by p.policyname) from pg_policies p where schemaname = current_schema() and tablename = @live),
            c.relrowsecurity, c.reloptions::text, c.relacl::text))
        from pg_class c where c.oid = to_regclass(@live)
        """;

    private const string IsAlike = $"select coalesce(obj_description(to_regclass(@shadow), 'pg_class') = ({Shape}), false)";

    private const string Dress = """
        select format('alter table %I set (%s)', @shadow::text, array_to_string(reloptions, ', '))
        from pg_class where oid = @live::regclass and reloptions is not null
        union all
        select format('grant %s on %I to %s', string_agg(a.privilege_type, ', '), @shadow::text,
            case when a.grantee = 0 then 'public' else quote_ident(a.grantee::regrole::text) end)
        from pg_class c, aclexplode(c.relacl) a
        where c.oid = @live::regclass and a.grantee <> c.relowner
        group by a.grantee
        union all
        select format('alter table %I enable row level security', @shadow::text)
        from pg_class where oid = @live::regclass and relrowsecurity
        union all
        select format('create policy %I on %I as %s for %s to %s %s %s', policyname, @shadow::text, permissive, cmd,
            (select string_agg(case r when 'public' then 'public' else quote_ident(r) end, ', ') from unnest(roles) r),
            'using (' || qual || ')', 'with check (' || with_check || ')')
        from pg_policies
        where schemaname = current_schema() and tablename = @live
        """;

    private const string LiveIndexes = """
        select c.relname, i.indisunique, substring(pg_get_indexdef(i.indexrelid) from ' USING .*'), con.contype::text
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        left join pg_constraint con on con.conindid = i.indexrelid and con.conrelid = i.indrelid and con.contype in ('p', 'u')
        where i.indrelid = @live::regclass
        order by con.contype = 'p' desc nulls last, c.relname
        """;

    // A million rows are sorted without files. Until the connection is given back.
    private const string Memory = "set maintenance_work_mem = '256MB'";

    private const string ShadowIndexes = """
        select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = to_regclass(@shadow)
        """;

    /// <summary>Short enough whatever the live table is called.</summary>
    public string Name { get; } = profile is { } own ? $"rebuild_part_{Hash($"{view.Table} {own}")}" : $"{view.Table}_rebuild";

    private bool hasKey;

    public bool IsIndexed { get; private set; }

    /// <summary>False: there is none, or the live table has changed since it was made.</summary>
    public async Task<bool> IsUsable(NpgsqlConnection connection, CancellationToken ct) =>
        (await Rows(connection, IsAlike, row => row.GetBoolean(0), ct))[0];

    public async Task Create(NpgsqlConnection connection, CancellationToken ct)
    {
        await Drop(connection, ct);
        var shape = (await Rows(connection, Shape, row => row.GetString(0), ct)).Single();
        await Run(connection, $"create table {Name} (like {view.Table} including all excluding indexes)", ct);
        foreach (var statement in await Rows(connection, Dress, row => row.GetString(0), ct)) await Run(connection, statement, ct);
        await Run(connection, $"comment on table {Name} is '{shape}'", ct);
        hasKey = false;
    }

    public Task Drop(NpgsqlConnection connection, CancellationToken ct) => Run(connection, $"drop table if exists {Name}", ct);

    /// <summary>What rows are found by, once some must be found again.</summary>
    public async Task IndexKey(NpgsqlConnection connection, CancellationToken ct)
    {
        if (hasKey) return;
        foreach (var index in (await Indexes(connection, ct)).Where(index => index.Constraint == "p")) await Build(connection, index, ct);
        hasKey = true;
    }

    /// <summary>Every index of the live table, and what the planner wants to know of the rows.</summary>
    public async Task IndexAll(NpgsqlConnection connection, CancellationToken ct)
    {
        await Run(connection, Memory, ct);
        await IndexKey(connection, ct);
        if (profile is null)
        {
            foreach (var index in await Indexes(connection, ct)) await Build(connection, index, ct);
        }

        await Run(connection, $"analyze {Name}", ct);
        IsIndexed = true;
    }

    /// <summary>Takes the live table's place, in the caller's transaction, which holds that table's lock.</summary>
    public async Task Exchange(NpgsqlConnection connection, CancellationToken ct)
    {
        var indexes = await Indexes(connection, ct);
        await Run(connection, $"drop table {view.Table}", ct);
        await Run(connection, $"alter table {Name} rename to {view.Table}", ct);
        await Run(connection, $"comment on table {view.Table} is null", ct);
        foreach (var index in indexes) await Run(connection, $"alter index {index.Shadow} rename to \"{index.Live}\"", ct);
    }

    /// <summary>Makes the live rows of the profile those of the shadow; rows that are right already are left alone.</summary>
    public async Task Merge(NpgsqlConnection connection, CancellationToken ct)
    {
        var same = string.Join(" and ", view.Keys.Select(key => $"s.{key} = l.{key}"));
        await Run(connection, $"delete from {view.Table} l where l.profile_id = '{profile:D}' and not exists (select from {Name} s where {same})", ct);
        var others = view.Columns.Columns.Select(column => column.Name).Except(view.Keys).ToList();
        var update = others.Count == 0 ? "nothing" : $"""
            update set {string.Join(", ", others.Select(column => $"{column} = excluded.{column}"))}
            where ({string.Join(", ", others.Select(column => $"l.{column}"))}) is distinct from ({string.Join(", ", others.Select(column => $"excluded.{column}"))})
            """;
        await Run(connection, $"""
            insert into {view.Table} as l ({view.Columns.List}) select {view.Columns.List} from {Name} order by {string.Join(", ", view.Keys)}
            on conflict ({string.Join(", ", view.Keys)}) do {update}
            """, ct);
        await Drop(connection, ct);
    }

    /// <summary>As long as it takes.</summary>
    public static async Task Run(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    // Both or neither: a process that goes on after a kill looks at the index only.
    private static async Task Build(NpgsqlConnection connection, LiveIndex index, CancellationToken ct)
    {
        if (index.IsBuilt) return;

        var constraint = index.Constraint switch { "p" => "primary key", "u" => "unique", _ => null };
        await Run(connection, $"""
            create {(index.IsUnique ? "unique " : "")}index {index.Shadow} on {index.Table}{index.Definition};
            {(constraint is null ? "" : $"alter table {index.Table} add constraint {index.Shadow} {constraint} using index {index.Shadow}")}
            """, ct);
    }

    private async Task<List<LiveIndex>> Indexes(NpgsqlConnection connection, CancellationToken ct)
    {
        var built = (await Rows(connection, ShadowIndexes, row => row.GetString(0), ct)).ToHashSet();
        return await Rows(connection, LiveIndexes, Read, ct);

        LiveIndex Read(NpgsqlDataReader row)
        {
            var shadow = $"rebuild_{Hash($"{Name} {row.GetString(0)}")}";
            return new LiveIndex(
                row.GetString(0), shadow, Name, row.GetBoolean(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), built.Contains(shadow));
        }
    }

    private async Task<List<T>> Rows<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> map, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        Arguments.Add(command.Parameters, [("live", view.Table), ("shadow", Name)]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(map(reader));
        return rows;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    /// <param name="Constraint"><c>p</c> or <c>u</c> where a constraint stands on it.</param>
    private sealed record LiveIndex(string Live, string Shadow, string Table, bool IsUnique, string Definition, string? Constraint, bool IsBuilt);
}
