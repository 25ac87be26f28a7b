using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Npgsql;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

/// <summary>What becomes of a rebuild that is asked for: beside others, cancelled, left behind.</summary>
public sealed class RebuildLifeSpecs(TestCluster cluster) : IAsyncLifetime
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
    public async Task What_was_asked_for_waits_for_whoever_has_time()
    {
        await host.Commit(NewKey(), 0, Posted(), Moved(4));
        await host.Views.CatchUp(default);
        await database.Execute("update route_row set kilometres = 99");

        await host.Rebuild.Request(["routes"], null, "user:7", default);
        var asked = await host.Rebuild.Progress("routes", null, default);
        Assert.True(await host.Rebuild.RunPending(default));
        Assert.False(await host.Rebuild.RunPending(default));

        Assert.Equal(("running", "user:7"), (asked?.State, asked?.Actor));
        var done = await host.Rebuild.Progress("routes", null, default);
        Assert.Equal(("done", 2L, 2L), (done?.State, done?.Processed, done?.Total));
        Assert.Equal(4L, await database.Value<long>("select kilometres from route_row"));
    }

    [Fact]
    public async Task A_cancelled_one_leaves_the_live_rows_and_nothing_else()
    {
        await host.Commit(NewKey(), 0, Posted(), Moved(4));
        await host.Views.CatchUp(default);
        await database.Execute("update route_row set kilometres = 99");
        await using var reader = await Holding("route_row"); // so that it cannot end

        await host.Rebuild.Request(["routes"], null, "user:7", default);
        var running = host.Rebuild.RunPending(default);
        await Eventually.True(async () => (await host.Rebuild.Progress("routes", null, default))!.Processed > 0, TimeSpan.FromSeconds(60), "it works");
        Assert.True(await host.Rebuild.Cancel("routes", null, default));
        await reader.DisposeAsync();
        await running;

        Assert.Equal("cancelled", (await host.Rebuild.Progress("routes", null, default))?.State);
        Assert.Equal(99L, await database.Value<long>("select kilometres from route_row"));
        Assert.Null(await database.Value<string>("select to_regclass('route_row_rebuild')::text"));
        Assert.False(await host.Rebuild.Cancel("routes", null, default));
    }

    [Fact]
    public async Task One_that_its_process_left_goes_on_where_its_rows_were_kept()
    {
        for (var parcel = 0; parcel < 20; parcel++) await host.Commit(NewKey(), 0, Posted(), Moved(4));
        await host.Views.CatchUp(default);
        var live = await Rows();
        await host.Rebuild.Request(["routes", "route-sums", "parcel-rows"], null, "user:7", default);
        await using (var reader = await Holding("route_row, route_sums, parcel_row"))
        {
            using var stopping = new CancellationTokenSource();
            var running = host.Rebuild.RunPending(stopping.Token);
            await Eventually.True(async () => await Kept() > 0, TimeSpan.FromSeconds(60), "rows are kept");
            await stopping.CancelAsync(); // as a host that stops
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        Assert.Equal("running", (await host.Rebuild.Progress("routes", null, default))?.State);
        await using var other = await KernelHost.Start(database);
        while (await other.Rebuild.RunPending(default))
        {
        }

        var done = await host.Rebuild.Progress("routes", null, default);
        Assert.Equal(("done", 1), (done?.State, done?.Resumed));
        Assert.Equal(live, await Rows());
    }

    [Fact]
    public async Task One_profile_s_part_and_another_s_are_worked_on_side_by_side_but_not_beside_the_whole()
    {
        var (first, second) = (NewKey(), NewKey());
        foreach (var parcel in (StreamKey[])[first, second]) await host.Commit(parcel, 0, Posted(), Moved(4));
        await host.Views.CatchUp(default);
        await database.Execute("update route_row set kilometres = 99");
        await using var claims = await RebuildClaims.Open(host.DataSource, default);
        Assert.True(await claims.Take(host.Views.Named("routes"), first.Profile, default));

        await host.Rebuild.Request(["routes"], second.Profile, "user:2", default);
        Assert.True(await host.Rebuild.RunPending(default));
        await host.Rebuild.Request(["routes"], null, "user:3", default);
        Assert.False(await host.Rebuild.RunPending(default));

        Assert.Equal([4L, 99L], await host.Store.Query("select kilometres from route_row order by kilometres", row => row.GetInt64(0), default));
    }

    [Fact]
    public async Task A_part_does_not_run_ahead_of_the_rows_that_it_joins()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted(), Moved(4));
        await host.Views.CatchUp(default);
        await host.Commit(parcel, 2, Moved(5)); // the view has not seen it yet

        await host.Rebuild.Run(["routes", "route-sums"], parcel.Profile, default);
        var before = await database.Value<long>("select kilometres from route_sums");
        await host.Views.CatchUp(default);

        Assert.Equal(4L, before);
        Assert.Equal("9|9", await database.Value<string>("select (select kilometres from route_sums) || '|' || (select kilometres from route_row)"));
    }

    [Fact]
    public async Task An_event_that_stops_a_rebuild_is_named_and_the_others_of_its_pass_go_on()
    {
        await host.Commit(NewKey(), 0, Posted(), Moved(4), Moved(-1));

        await host.Rebuild.Request(["routes", "route-sums"], null, "user:7", default);
        while (await host.Rebuild.RunPending(default))
        {
        }

        var failed = await host.Rebuild.Progress("routes", null, default);
        Assert.Equal(("failed", 3L), (failed?.State, failed?.FailedSeq));
        Assert.Contains("A parcel cannot move backwards.", failed?.Error, StringComparison.Ordinal);
        Assert.Equal("done", (await host.Rebuild.Progress("route-sums", null, default))?.State);
    }

    private async Task<long> Kept() => await database.Value<long>("select max(position) from view_rebuild");

    private async Task<string> Rows() => string.Join('\n', await host.Store.Query(
        "select t::text from route_row t union all select t::text from route_sums t union all select t::text from parcel_row t order by 1",
        row => row.GetString(0), default));

    /// <summary>A reader of the tables, which no exchange gets past.</summary>
    private async Task<NpgsqlConnection> Holding(string tables)
    {
        var connection = await database.DataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"begin; lock table {tables} in access share mode", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
