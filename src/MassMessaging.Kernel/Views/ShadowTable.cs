using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// The table that a rebuild fills, and its exchange for the live one: indexes, privileges and row-level-security policies go with it, under
/// the live names, so that nobody can tell a rebuilt table from the first.
/// </summary>
internal static class ShadowTable
{
    private const string Indexes = """
        select l.indexname, s.indexname
        from pg_indexes l
        join pg_indexes s on s.schemaname = l.schemaname and s.tablename = @shadow
            and substring(s.indexdef from ' USING .*') = substring(l.indexdef from ' USING .*')
            and (s.indexdef like 'CREATE UNIQUE %') = (l.indexdef like 'CREATE UNIQUE %')
        where l.schemaname = current_schema() and l.tablename = @live
        """;

    private const string Privileges = """
        select format('grant %s on %I to %s', string_agg(a.privilege_type, ', '), @shadow::text,
            case when a.grantee = 0 then 'public' else quote_ident(a.grantee::regrole::text) end)
        from pg_class c, aclexplode(c.relacl) a
        where c.oid = @live::regclass and a.grantee <> c.relowner
        group by a.grantee
        """;

    private const string Policies = """
        select format('alter table %I enable row level security', @shadow::text)
        from pg_class where oid = @live::regclass and relrowsecurity
        union all
        select format('create policy %I on %I as %s for %s to %s %s %s', policyname, @shadow::text, permissive, cmd,
            (select string_agg(case r when 'public' then 'public' else quote_ident(r) end, ', ') from unnest(roles) r),
            'using (' || qual || ')', 'with check (' || with_check || ')')
        from pg_policies
        where schemaname = current_schema() and tablename = @live
        """;

    public static string Of(ViewType view) => $"{view.Table}_rebuild";

    public static async Task Create(NpgsqlConnection connection, ViewType view, CancellationToken ct)
    {
        await Run(connection, $"drop table if exists {Of(view)}", ct);
        await Run(connection, $"create table {Of(view)} (like {view.Table} including all)", ct);
        foreach (var statement in await Texts(connection, Privileges, view, ct)) await Run(connection, statement, ct);
        foreach (var statement in await Texts(connection, Policies, view, ct)) await Run(connection, statement, ct);
    }

    public static Task Drop(NpgsqlConnection connection, ViewType view, CancellationToken ct) => Run(connection, $"drop table if exists {Of(view)}", ct);

    /// <summary>In the caller's transaction, which holds the live table's lock.</summary>
    public static async Task Exchange(NpgsqlConnection connection, ViewType view, CancellationToken ct)
    {
        var indexes = await Pairs(connection, view, ct);
        await Run(connection, $"drop table {view.Table}", ct);
        await Run(connection, $"alter table {Of(view)} rename to {view.Table}", ct);
        foreach (var (live, shadow) in indexes) await Run(connection, $"alter index \"{shadow}\" rename to \"{live}\"", ct);
    }

    public static async Task Run(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<List<(string Live, string Shadow)>> Pairs(NpgsqlConnection connection, ViewType view, CancellationToken ct)
    {
        await using var command = Command(connection, Indexes, view);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var pairs = new List<(string, string)>();
        while (await reader.ReadAsync(ct)) pairs.Add((reader.GetString(0), reader.GetString(1)));
        return pairs;
    }

    private static async Task<List<string>> Texts(NpgsqlConnection connection, string sql, ViewType view, CancellationToken ct)
    {
        await using var command = Command(connection, sql, view);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var texts = new List<string>();
        while (await reader.ReadAsync(ct)) texts.Add(reader.GetString(0));
        return texts;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, ViewType view) => new(sql, connection)
    {
        Parameters = { new NpgsqlParameter("live", view.Table), new NpgsqlParameter("shadow", Of(view)) },
    };
}
