using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

/// <summary>What becomes of a rebuild that is asked for: beside others, cancelled, left behind.</summary>
public sealed class RebuildLifeSpecs(TestCluster cluster) : RebuildRun(cluster)
{
    [Fact]
    public async Task What_was_asked_for_waits_for_whoever_has_time()
    {
        await Host.Commit(NewKey(), 0, Posted(), Moved(4));
        await Host.Views.CatchUp(default);
        await Database.Execute("update route_row set kilometres = 99");

        await Host.Rebuild.Request(["routes"], null, "user:7", default);
        var asked = await Host.Rebuild.Progress("routes", null, default);
        Assert.True(await Host.Rebuild.RunPending(default));
        Assert.False(await Host.Rebuild.RunPending(default));

        Assert.Equal(("running", "user:7"), (asked?.State, asked?.Actor));
        var done = await Host.Rebuild.Progress("routes", null, default);
        Assert.Equal(("done", 2L, 2L), (done?.State, done?.Processed, done?.Total));
        Assert.Equal(4L, await Database.Value<long>("select kilometres from route_row"));
    }

    [Fact]
    public async Task A_cancelled_one_leaves_the_live_rows_and_nothing_else()
    {
        await Host.Commit(NewKey(), 0, Posted(), Moved(4));
        await Host.Views.CatchUp(default);
        await Database.Execute("update route_row set kilometres = 99");
        await using var reader = await Holding("route_row"); // so that it cannot end

        await Host.Rebuild.Request(["routes"], null, "user:7", default);
        var running = Host.Rebuild.RunPending(default);
        await Eventually.True(async () => (await Host.Rebuild.Progress("routes", null, default))!.Processed > 0, TimeSpan.FromSeconds(60), "it works");
        Assert.True(await Host.Rebuild.Cancel("routes", null, default));
        await reader.DisposeAsync();
        await running;

        Assert.Equal("cancelled", (await Host.Rebuild.Progress("routes", null, default))?.State);
        Assert.Equal(99L, await Database.Value<long>("select kilometres from route_row"));
        Assert.Null(await Database.Value<string>("select to_regclass('route_row_rebuild')::text"));
        Assert.False(await Host.Rebuild.Cancel("routes", null, default));
    }

    [Fact]
    public async Task One_that_its_process_left_goes_on_where_its_rows_were_kept()
    {
        await using var other = await KernelHost.Start(Database); // its migrator puts policies on the parcels' tables
        for (var parcel = 0; parcel < 20; parcel++) await Host.Commit(NewKey(), 0, Posted(), Moved(4));
        await Host.Views.CatchUp(default);
        var live = await Rows();
        await Host.Rebuild.Request(["routes", "route-sums", "parcel-rows"], null, "user:7", default);
        await using (var reader = await Holding("route_row, route_sums, parcel_row"))
        {
            using var stopping = new CancellationTokenSource();
            var running = Host.Rebuild.RunPending(stopping.Token);
            await Eventually.True(async () => await Kept() > 0, TimeSpan.FromSeconds(60), "rows are kept");
            await stopping.CancelAsync(); // as a host that stops
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        Assert.Equal("running", (await Host.Rebuild.Progress("routes", null, default))?.State);
        while (await other.Rebuild.RunPending(default))
        {
        }

        var done = await Host.Rebuild.Progress("routes", null, default);
        Assert.Equal(("done", 1), (done?.State, done?.Resumed));
        Assert.Equal(live, await Rows());
    }

    [Fact]
    public async Task One_profile_s_part_and_another_s_are_worked_on_side_by_side_but_not_beside_the_whole()
    {
        var (first, second) = (NewKey(), NewKey());
        foreach (var parcel in (StreamKey[])[first, second]) await Host.Commit(parcel, 0, Posted(), Moved(4));
        await Host.Views.CatchUp(default);
        await Database.Execute("update route_row set kilometres = 99");
        await using var claims = await RebuildClaims.Open(Host.DataSource, default);
        Assert.True(await claims.Take(Host.Views.Named("routes"), first.Profile, default));

        await Host.Rebuild.Request(["routes"], second.Profile, "user:2", default);
        Assert.True(await Host.Rebuild.RunPending(default));
        await Host.Rebuild.Request(["routes"], null, "user:3", default);
        Assert.False(await Host.Rebuild.RunPending(default));

        Assert.Equal([4L, 99L], await Host.Store.Query("select kilometres from route_row order by kilometres", row => row.GetInt64(0), default));
    }

    [Fact]
    public async Task Who_does_not_get_a_part_keeps_nobody_from_the_whole()
    {
        var (view, profile) = (Host.Views.Named("routes"), NewKey().Profile);
        await using var late = await RebuildClaims.Open(Host.DataSource, default);
        await using (var first = await RebuildClaims.Open(Host.DataSource, default))
        {
            Assert.True(await first.Take(view, profile, default));
            Assert.False(await late.Take(view, profile, default));
        }

        await using var whole = await RebuildClaims.Open(Host.DataSource, default);
        Assert.True(await whole.Take(view, null, default));
    }

    [Fact]
    public async Task A_part_does_not_run_ahead_of_the_rows_that_it_joins()
    {
        var parcel = NewKey();
        await Host.Commit(parcel, 0, Posted(), Moved(4));
        await Host.Views.CatchUp(default);
        await Host.Commit(parcel, 2, Moved(5)); // the view has not seen it yet

        await Host.Rebuild.Run(["routes", "route-sums"], parcel.Profile, default);
        var before = await Database.Value<long>("select kilometres from route_sums");
        await Host.Views.CatchUp(default);

        Assert.Equal(4L, before);
        Assert.Equal("9|9", await Database.Value<string>("select (select kilometres from route_sums) || '|' || (select kilometres from route_row)"));
    }

    [Fact]
    public async Task An_event_that_stops_a_rebuild_is_named_and_the_others_of_its_pass_go_on()
    {
        await Host.Commit(NewKey(), 0, Posted(), Moved(4), Moved(-1));

        await Host.Rebuild.Request(["routes", "route-sums"], null, "user:7", default);
        while (await Host.Rebuild.RunPending(default))
        {
        }

        var failed = await Host.Rebuild.Progress("routes", null, default);
        Assert.Equal(("failed", 3L), (failed?.State, failed?.FailedSeq));
        Assert.Contains("A parcel cannot move backwards.", failed?.Error, StringComparison.Ordinal);
        Assert.Equal("done", (await Host.Rebuild.Progress("route-sums", null, default))?.State);
    }

    private async Task<string> Rows() => string.Join('\n', await Host.Store.Query(
        "select t::text from route_row t union all select t::text from route_sums t union all select t::text from parcel_row t order by 1",
        row => row.GetString(0), default));
}
