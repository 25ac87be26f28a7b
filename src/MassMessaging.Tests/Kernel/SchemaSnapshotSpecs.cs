using System.Text;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Operations;

namespace MassMessaging.Tests.Kernel;

/// <summary>
/// The migrated schema as it was last looked at, from the server's own catalog, so that it is the same on every version and without pg_dump.
/// <c>UPDATE_SNAPSHOTS=1</c> writes it anew.
/// </summary>
public sealed class SchemaSnapshotSpecs(TestCluster cluster)
{
    private const string Schema = """
        select 'table ' || c.relname || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '')
            || case when c.relrowsecurity then ' row level security' else '' end || E'\n' || string_agg(
            '    ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
            || coalesce(case when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ')'
                else ' default ' || pg_get_expr(d.adbin, d.adrelid) end, '')
            || case when a.attidentity <> '' then ' identity' else '' end, E'\n' order by a.attname collate "C")
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
        group by c.relname, c.reloptions, c.relrowsecurity
        union all
        select 'constraint ' || conname || ' on ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
        from pg_constraint where connamespace = current_schema()::regnamespace and contype in ('p', 'u', 'f', 'c', 'x')
        union all
        select replace(indexdef, current_schema() || '.', '') from pg_indexes where schemaname = current_schema()
        union all
        select concat_ws(' ', 'policy', policyname, 'on', tablename, permissive, cmd, roles::text, qual, with_check)
        from pg_policies where schemaname = current_schema()
        union all
        select replace(pg_get_triggerdef(t.oid), current_schema() || '.', '') from pg_trigger t
        join pg_class c on c.oid = t.tgrelid where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal
        union all
        select replace(pg_get_functiondef(p.oid), current_schema() || '.', '') from pg_proc p
        where p.pronamespace = current_schema()::regnamespace and p.prokind = 'f'
        union all
        select 'sequence ' || sequencename from pg_sequences where schemaname = current_schema()
        """;

    private static string SnapshotPath => Path.Combine(Sources.Root, "src", "MassMessaging.Tests", "Snapshots", "schema.sql");

    [Fact]
    public async Task The_schema_is_the_one_that_was_reviewed_and_a_rebuild_of_every_view_leaves_it_so()
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var host = await KernelHost.Start(database, declare: Features.Declare);
        await database.Execute("drop table parcel_row, route_row, route_sums"); // of the kernel's own specs
        var schema = await Read(host);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") await File.WriteAllTextAsync(SnapshotPath, schema);

        Assert.Equal(await File.ReadAllTextAsync(SnapshotPath), schema);
        await host.Rebuild.Run(await ViewRows.Names(host.Views), null, default);
        Assert.Equal(schema, await Read(host));
    }

    private static async Task<string> Read(KernelHost host)
    {
        var text = new StringBuilder();
        var statements = await host.Store.Query(Schema, row => row.GetString(0), default);
        foreach (var statement in statements.Order(StringComparer.Ordinal)) text.Append(statement.TrimEnd()).Append("\n\n");
        return text.ToString();
    }
}
