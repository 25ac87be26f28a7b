using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Npgsql;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

/// <summary>A program that folds or stores a view otherwise than the one that made its rows.</summary>
public sealed class ChangedViewSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestDatabase database = null!;
    private KernelHost host = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(cluster);
        host = await KernelHost.Start(database, rebuild: new RebuildOptions(CheckpointEvents: 1));
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_view_whose_fold_changed_is_built_beside_the_old_rows_and_takes_their_place()
    {
        Assert.Empty(await host.Rebuild.RequestChanged(default)); // an empty log: what is built from here on is of this version
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted(), Moved(4));
        await host.Views.CatchUp(default);
        Assert.Empty(await host.Rebuild.RequestChanged(default));
        await using var changed = await KernelHost.Start(database, declare: InMetres);

        Assert.Equal(["routes"], await changed.Rebuild.RequestChanged(default));
        Assert.False(await host.Rebuild.RunPending(default)); // a node of the old version leaves it alone
        Assert.Equal(4L, await database.Value<long>("select kilometres from route_row")); // and the old rows are read meanwhile
        Assert.True(await changed.Rebuild.RunPending(default));

        Assert.Equal(4_000L, await database.Value<long>("select kilometres from route_row"));
        Assert.Empty(await changed.Rebuild.RequestChanged(default));
        await changed.Commit(parcel, 2, Moved(1));
        await changed.Views.CatchUp(default);
        Assert.Equal(5_000L, await database.Value<long>("select kilometres from route_row"));
    }

    [Fact]
    public async Task A_shadow_made_before_its_table_changed_is_begun_again()
    {
        await host.Commit(NewKey(), 0, Posted(), Moved(4));
        await host.Views.CatchUp(default);
        await host.Rebuild.Request(["routes"], null, "user:7", default);
        await using (var reader = await Holding("route_row"))
        {
            using var stopping = new CancellationTokenSource();
            var running = host.Rebuild.RunPending(stopping.Token);
            await Eventually.True(async () => await Kept() > 0, TimeSpan.FromSeconds(60), "rows are kept");
            await stopping.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        await database.Execute("alter table route_row add column colour text default 'red'");
        while (await host.Rebuild.RunPending(default))
        {
        }

        Assert.Equal("4 red", await database.Value<string>("select kilometres || ' ' || colour from route_row"));
        Assert.Equal(0, (await host.Rebuild.Progress("routes", null, default))?.Resumed);
    }

    [Fact]
    public async Task What_a_newer_version_asks_for_is_not_done_by_an_older_one_that_is_at_work()
    {
        await host.Commit(NewKey(), 0, Posted(), Moved(4));
        await host.Views.CatchUp(default);
        await using var changed = await KernelHost.Start(database, declare: InMetres);
        await host.Rebuild.Request(["routes"], null, "user:7", default);
        await using (var reader = await Holding("route_row"))
        {
            var running = host.Rebuild.RunPending(default);
            await Eventually.True(async () => await Kept() > 0, TimeSpan.FromSeconds(60), "rows are kept");
            await changed.Rebuild.Request(["routes"], null, "user:8", default);
            await reader.DisposeAsync();
            await running;
        }

        Assert.Equal("running", (await host.Rebuild.Progress("routes", null, default))?.State);
        Assert.Equal(0L, await Kept());
        Assert.Null(await database.Value<string>("select to_regclass('route_row_rebuild')::text"));
        Assert.True(await changed.Rebuild.RunPending(default));
        Assert.Equal(4_000L, await database.Value<long>("select kilometres from route_row"));
    }

    private static void InMetres(KernelBuilder kernel) => kernel
        .Stream("parcel", stream => stream.Event<ParcelPosted>("parcel_posted").Event<ParcelMoved>("parcel_moved").Event<ParcelLost>("parcel_lost"))
        .RowView<ParcelRow>(ViewMode.Inline).RowView<RouteRowInMetres>(ViewMode.Async).SumView<RouteSums>();

    private async Task<long> Kept() => await database.Value<long>("select max(position) from view_rebuild");

    /// <summary>A reader of the tables, which no exchange gets past.</summary>
    private async Task<NpgsqlConnection> Holding(string tables)
    {
        var connection = await database.DataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"begin; lock table {tables} in access share mode", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
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
