using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Npgsql;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

/// <summary>A program that folds or stores a view otherwise than the one that made its rows.</summary>
public sealed class ChangedViewSpecs(TestCluster cluster) : RebuildRun(cluster)
{
    [Fact]
    public async Task A_view_whose_fold_changed_is_built_beside_the_old_rows_and_takes_their_place()
    {
        Assert.Empty(await Host.Rebuild.RequestChanged(default)); // an empty log: what is built from here on is of this version
        var parcel = NewKey();
        await Host.Commit(parcel, 0, Posted(), Moved(4));
        await Host.Views.CatchUp(default);
        Assert.Empty(await Host.Rebuild.RequestChanged(default));
        await using var changed = await KernelHost.Start(Database, declare: InMetres);

        Assert.Equal(["routes"], await changed.Rebuild.RequestChanged(default));
        Assert.False(await Host.Rebuild.RunPending(default)); // a node of the old version leaves it alone
        Assert.Equal(4L, await Database.Value<long>("select kilometres from route_row")); // and the old rows are read meanwhile
        Assert.True(await changed.Rebuild.RunPending(default));

        Assert.Equal(4_000L, await Database.Value<long>("select kilometres from route_row"));
        Assert.Empty(await changed.Rebuild.RequestChanged(default));
        await changed.Commit(parcel, 2, Moved(1));
        await changed.Views.CatchUp(default);
        Assert.Equal(5_000L, await Database.Value<long>("select kilometres from route_row"));
    }

    [Fact]
    public async Task A_shadow_made_before_its_table_changed_is_begun_again()
    {
        await Host.Commit(NewKey(), 0, Posted(), Moved(4));
        await Host.Views.CatchUp(default);
        await Host.Rebuild.Request(["routes"], null, "user:7", default);
        await using (var reader = await Holding("route_row"))
        {
            using var stopping = new CancellationTokenSource();
            var running = Host.Rebuild.RunPending(stopping.Token);
            await Eventually.True(async () => await Kept() > 0, TimeSpan.FromSeconds(60), "rows are kept");
            await stopping.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        await Database.Execute("alter table route_row add column colour text default 'red'");
        while (await Host.Rebuild.RunPending(default))
        {
        }

        Assert.Equal("4 red", await Database.Value<string>("select kilometres || ' ' || colour from route_row"));
        Assert.Equal(0, (await Host.Rebuild.Progress("routes", null, default))?.Resumed);
    }

    [Theory]
    [InlineData("alter table route_row add column colour text default 'red'", "select kilometres || ' ' || colour from route_row", "4 red")]
    [InlineData("create index own_index on route_row (last_at)", "select to_regclass('own_index')::text || ' ' || kilometres from route_row", "own_index 4")]
    [InlineData("alter table route_row alter kilometres set default 9", "select column_default from information_schema.columns where table_name = 'route_row' and column_name = 'kilometres'", "9")]
    [InlineData("alter table route_row add column colour text; create index own_index on route_row (colour)", "select to_regclass('own_index')::text", "own_index")]
    [InlineData("create policy own_policy on route_row using (true)", "select policyname::text from pg_policies where tablename = 'route_row'", "own_policy")]
    [InlineData("grant truncate on route_row to public", "select privilege_type from information_schema.table_privileges where table_name = 'route_row' and grantee = 'PUBLIC'", "TRUNCATE")]
    public async Task A_migration_beside_a_rebuild_is_not_undone_by_it(string migration, string look, string expected)
    {
        await Host.Commit(NewKey(), 0, Posted(), Moved(4));
        await Host.Views.CatchUp(default);
        await Host.Rebuild.Request(["routes"], null, "user:7", default);
        await using (var reader = await Holding("route_row"))
        {
            var running = Host.Rebuild.RunPending(default);
            await Eventually.True(async () => await Kept() > 0, TimeSpan.FromSeconds(60), "rows are kept");
            await using (var held = new NpgsqlCommand($"{migration}; commit", reader)) await held.ExecuteNonQueryAsync();
            await running;
        }

        while (await Host.Rebuild.RunPending(default))
        {
        }

        Assert.Equal(expected, await Database.Value<string>(look));
        Assert.Equal(4L, await Database.Value<long>("select kilometres from route_row"));
        Assert.Equal("done", (await Host.Rebuild.Progress("routes", null, default))?.State);
        Assert.Null(await Database.Value<string>("select obj_description('route_row'::regclass)"));
    }

    [Fact]
    public async Task What_a_newer_version_asks_for_is_not_done_by_an_older_one_that_is_at_work()
    {
        await Host.Commit(NewKey(), 0, Posted(), Moved(4));
        await Host.Views.CatchUp(default);
        await using var changed = await KernelHost.Start(Database, declare: InMetres);
        await Host.Rebuild.Request(["routes"], null, "user:7", default);
        await using (var reader = await Holding("route_row"))
        {
            var running = Host.Rebuild.RunPending(default);
            await Eventually.True(async () => await Kept() > 0, TimeSpan.FromSeconds(60), "rows are kept");
            await changed.Rebuild.Request(["routes"], null, "user:8", default);
            await reader.DisposeAsync();
            await running;
        }

        Assert.Equal("running", (await Host.Rebuild.Progress("routes", null, default))?.State);
        Assert.Equal(0L, await Kept());
        Assert.Null(await Database.Value<string>("select to_regclass('route_row_rebuild')::text"));
        Assert.True(await changed.Rebuild.RunPending(default));
        Assert.Equal(4_000L, await Database.Value<long>("select kilometres from route_row"));
    }

    private static void InMetres(KernelBuilder kernel) => kernel
        .Stream("parcel", stream => stream.Event<ParcelPosted>("parcel_posted").Event<ParcelMoved>("parcel_moved").Event<ParcelLost>("parcel_lost"))
        .RowView<ParcelRow>(ViewMode.Inline).RowView<RouteRowInMetres>(ViewMode.Async).SumView<RouteSums>();
}

/// <summary><see cref="RouteRow"/> as the next version of the program folds it.</summary>
public sealed record RouteRowInMetres(Guid ProfileId, Guid Id, long Parcels, long Kilometres, DateTimeOffset LastAt) : IRowView<RouteRowInMetres>
{
    public static string ViewName => RouteRow.ViewName;

    public static string Table => RouteRow.Table;

    public static int Revision => 2;

    public static Guid? RowOf(RecordedEvent recorded) => RouteRow.RowOf(recorded);

    public static RouteRowInMetres? Evolve(RouteRowInMetres? row, RecordedEvent recorded)
    {
        var before = row is null ? null : new RouteRow(row.ProfileId, row.Id, row.Parcels, row.Kilometres / 1_000, row.LastAt);
        return RouteRow.Evolve(before, recorded) is { } after
            ? new(after.ProfileId, after.Id, after.Parcels, after.Kilometres * 1_000, after.LastAt)
            : null;
    }
}
