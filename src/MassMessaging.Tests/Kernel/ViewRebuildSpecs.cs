using MassMessaging.Tests.Harness;
using Npgsql;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

public sealed class ViewRebuildSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestDatabase database = null!;
    private KernelHost host = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(cluster);
        host = await KernelHost.Start(database);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Every_kind_of_view_is_rebuilt_while_writers_write_and_equals_the_fold()
    {
        var writing = Traffic.Run(host, rounds: 25);
        for (var round = 0; !writing.IsCompleted || round == 0; round++)
        {
            await host.Rebuild.Run("parcel-rows", default);
            await host.Rebuild.Run("routes", default);
            await host.Rebuild.Run("route-sums", default);
            await host.Views.CatchUp(default);
        }

        await writing;
        await host.Views.CatchUp(default);

        await Expected.Equal(host);
        await Expected.InlineEqual(host);
        Assert.Equal("done", (await host.Rebuild.Progress("routes", null, default))?.State);
    }

    [Fact]
    public async Task Damaged_rows_are_made_good()
    {
        await host.Commit(NewKey(), 0, Posted(), Moved(4));
        await host.Views.CatchUp(default);
        await database.Execute("update route_row set kilometres = 99; delete from parcel_row; update route_sums set posted = 7");

        foreach (var view in (string[])["parcel-rows", "routes", "route-sums"]) await host.Rebuild.Run(view, default);

        await Expected.Equal(host);
        await Expected.InlineEqual(host);
    }

    [Fact]
    public async Task The_new_table_has_the_old_ones_indexes_privileges_and_policies()
    {
        const string Shape = """
            select string_agg(line, E'\n' order by line) from (
                select indexdef as line from pg_indexes where schemaname = current_schema() and tablename = 'route_row'
                union all select conname::text from pg_constraint where conrelid = 'route_row'::regclass
                union all select concat_ws(' ', policyname, permissive, roles::text, cmd, qual) from pg_policies where schemaname = current_schema()
                union all select concat_ws(' ', c.relrowsecurity, c.relacl::text) from pg_class c where c.oid = 'route_row'::regclass) shape
            """;
        await database.Execute("""
            grant select on route_row to public;
            alter table route_row enable row level security;
            create policy own on route_row for select to public using (profile_id::text = current_setting('app.tenant_id', true))
            """);
        var before = await database.Value<string>(Shape);

        await host.Rebuild.Run("routes", default);

        Assert.Equal(before, await database.Value<string>(Shape));
    }

    [Fact]
    public async Task A_reader_that_holds_the_table_is_waited_for()
    {
        await host.Commit(NewKey(), 0, Posted());
        await using var reading = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await reading.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("select 1 from route_row", reading)) await command.ExecuteNonQueryAsync();

        var rebuilding = host.Rebuild.Run("routes", default);
        Assert.False(rebuilding.IsCompleted);
        await transaction.RollbackAsync();
        await rebuilding;

        Assert.Equal(1L, await database.Value<long>("select parcels from route_row"));
    }

    [Fact]
    public async Task A_rebuild_that_fails_leaves_the_live_rows_alone()
    {
        await host.Commit(NewKey(), 0, Posted(), Moved(4), Moved(-1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Views.CatchUp(default));

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Rebuild.Run("routes", default));

        Assert.Equal(4L, await database.Value<long>("select kilometres from route_row"));
        Assert.Equal("failed", (await host.Rebuild.Progress("routes", null, default))?.State);
        Assert.Null(await database.Value<string>("select to_regclass('route_row_rebuild')::text"));
    }
}
