using MassMessaging.Kernel.Clock;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Kernel.Clock;

/// <summary>A node that starts when the database's clock has been set since the others measured it.</summary>
public sealed class ClockWitnessSpecs(TestCluster cluster) : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);
    private static readonly TimeSpan Little = TimeSpan.FromSeconds(30); // a busy machine is slow, and the step is larger
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(cluster);
        await SteppedClock.In(database);
        await database.Execute("""
            create table node (id uuid primary key, seen_at timestamptz not null);
            create table node_clock (boot text primary key, time timestamptz not null, monotonic bigint not null)
            """);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task It_carries_on_the_time_of_those_that_ran_on_this_machine()
    {
        var before = await Started();
        await before.Tell(CancellationToken.None);
        await SteppedClock.Step(database, Step);

        var after = await Started();

        Assert.InRange((after.GetUtcNow() - before.GetUtcNow()).Duration(), TimeSpan.Zero, Little);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_is_waited_for_instead_of_handing_out_the_same_hour_twice()
    {
        var before = await Started();
        await before.Tell(CancellationToken.None);
        await SteppedClock.Step(database, -Step);
        var last = before.GetUtcNow();

        Assert.True((await Started()).GetUtcNow() >= last);
    }

    [Fact]
    public async Task It_takes_the_time_from_the_heartbeats_of_those_that_run_elsewhere()
    {
        var other = await Started();
        var node = Guid.NewGuid();
        await SteppedClock.Step(database, Step);
        await database.Execute($"insert into node values ('{node}', now() - interval '1 day')");
        using var stop = new CancellationTokenSource();
        var beats = Beat(node, other, stop.Token);

        var after = await Started();

        await stop.CancelAsync();
        await beats;
        Assert.InRange((after.GetUtcNow() - other.GetUtcNow()).Duration(), TimeSpan.Zero, Little);
    }

    [Fact]
    public async Task Where_nobody_ran_lately_the_database_is_believed()
    {
        await (await Started()).Tell(CancellationToken.None);
        await database.Execute($"update node_clock set monotonic = monotonic - {(long)TimeSpan.FromMinutes(11).TotalMicroseconds}");
        await database.Execute($"insert into node values ('{Guid.NewGuid()}', now())");
        await SteppedClock.Step(database, Step);

        var after = await Started();

        var theirs = new DateTimeOffset(await database.Value<DateTime>("select clock_timestamp()"), TimeSpan.Zero);
        Assert.InRange((after.GetUtcNow() - theirs).Duration(), TimeSpan.Zero, Little);
    }

    private async Task<DatabaseClock> Started()
    {
        var clock = new DatabaseClock(database.DataSource);
        await clock.CarryOn(CancellationToken.None);
        await clock.Measure(CancellationToken.None);
        return clock;
    }

    private async Task Beat(Guid node, DatabaseClock clock, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!stop.IsCancellationRequested)
        {
            await database.Execute($"update node set seen_at = '{clock.GetUtcNow():O}' where id = '{node}'");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
