using MassMessaging.Tests.Harness;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

public sealed class NothingSkippedSpecs(TestCluster cluster) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
    public async Task Views_that_read_while_sixteen_write_slowly_roll_back_or_are_Marten_equal_the_fold()
    {
        var writing = Traffic.Run(host, rounds: 25);
        while (!writing.IsCompleted) await host.Views.CatchUp(default).WaitAsync(Patience);
        await writing;
        await host.Views.CatchUp(default);

        await Expected.Equal(host);
        await Expected.InlineEqual(host);
    }

    [Fact]
    public async Task Two_nodes_apply_each_event_once_and_the_other_goes_on_when_one_is_gone()
    {
        await using var second = await KernelHost.Start(database);
        var (one, other) = (host.Daemon(), second.Daemon());
        await one.StartAsync(default);
        await other.StartAsync(default);

        var writing = Traffic.Run(host, rounds: 20);
        await host.Commit(NewKey(), 0, Posted());
        await one.StopAsync(default);
        await writing;
        await second.Reached(Patience);
        await other.StopAsync(default);

        await Expected.Equal(second);
    }

    [Fact]
    public async Task A_node_that_is_frozen_with_a_views_lock_gives_it_up_within_five_seconds()
    {
        await host.Commit(NewKey(), 0, Posted());
        await host.Views.CatchUp(default);
        await host.Commit(NewKey(), 0, Posted());
        await using var frozen = await host.DataSource.OpenConnectionAsync();
        await using var transaction = await frozen.BeginTransactionAsync();
        await using var command = new Npgsql.NpgsqlCommand("select 1 from mt_event_progression for update", frozen);
        await command.ExecuteNonQueryAsync();

        await host.Views.CatchUp(default).WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(2L, await database.Value<long>("select sum(posted)::bigint from route_sums"));
    }

    [Fact]
    public async Task A_commit_wakes_the_views_without_the_poll()
    {
        await using var sleepy = await KernelHost.Start(database, poll: TimeSpan.FromHours(1));
        var daemon = sleepy.Daemon();
        await daemon.StartAsync(default);

        for (var round = 0; round < 20; round++)
        {
            await sleepy.Commit(NewKey(), 0, Posted());
            await sleepy.Reached(Patience);
        }

        await daemon.StopAsync(default);
        await Expected.Equal(sleepy);
    }
}
