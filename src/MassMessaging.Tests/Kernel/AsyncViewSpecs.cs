using MassMessaging.Tests.Harness;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

public sealed class AsyncViewSpecs(TestCluster cluster) : IAsyncLifetime
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
    public async Task Rows_and_sums_follow_the_log()
    {
        var (first, second) = (NewKey(), NewKey());
        second = second with { Profile = first.Profile };
        await host.Commit(first, 0, Posted(), Moved(5));
        await host.Commit(second, 0, Posted(), Moved(6), Lost());

        await host.Views.CatchUp(default);

        Assert.Equal("2|11", await database.Value<string>("select parcels || '|' || kilometres from route_row"));
        Assert.Equal("2|2|11|1", await database.Value<string>("select posted || '|' || moved || '|' || kilometres || '|' || lost from route_sums"));
        Assert.All(await host.Views.Status(default), status => Assert.Equal((0, "running"), (status.Lag, status.State)));
    }

    [Fact]
    public async Task An_event_that_a_view_cannot_take_stops_it_there_and_says_so()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted(), Moved(5), Moved(-1), Moved(6));

        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Views.CatchUp(default));

        Assert.Contains("routes failed on event 3 (ParcelMoved): A parcel cannot move backwards.", stopped.Message, StringComparison.Ordinal);
        var status = (await host.Views.Status(default)).Single(view => view.Name == "routes");
        Assert.Equal(("stopped", 3L, 2L), (status.State, status.StoppedAt, status.Position));
        Assert.Equal(5L, await database.Value<long>("select kilometres from route_row"));
    }

    [Fact]
    public async Task A_person_may_skip_an_event()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted(), Moved(5), Moved(-1), Moved(6));
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Views.CatchUp(default));

        await host.Views.Skip("routes", 3, "typed wrong", "user:7", default);
        await host.Views.CatchUp(default);

        Assert.Equal(11L, await database.Value<long>("select kilometres from route_row"));
        Assert.Equal("routes|3|typed wrong|user:7", await database.Value<string>("select name || '|' || seq_id || '|' || note || '|' || actor from view_skip"));
    }

    [Fact]
    public async Task A_row_that_does_not_fit_its_table_stops_the_view_at_its_event()
    {
        await database.Execute("alter table route_row add constraint short check (kilometres < 100)");
        await host.Commit(NewKey(), 0, Posted(), Moved(5), Moved(200));

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Views.CatchUp(default));

        var status = (await host.Views.Status(default)).Single(view => view.Name == "routes");
        Assert.Equal(("stopped", 3L, 2L), (status.State, status.StoppedAt, status.Position));
        Assert.Contains("short", status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Marten_appends_to_our_streams_reaches_async_views()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted());
        await Marten.Append(database, parcel, version: 2, "parcel_moved", """{"routeId": "00000000-0000-7000-8000-000000000001", "kilometres": 9}""");

        await host.Views.CatchUp(default);

        Assert.Equal(9L, await database.Value<long>("select kilometres from route_sums"));
    }

    [Fact]
    public async Task Streams_that_are_not_ours_are_passed_over()
    {
        await Marten.Start(database, NewKey(), "invoice", "invoice_paid", "{}");
        await Marten.Start(database, NewKey(), "invoice", "parcel_moved", """{"a": "b"}""");
        await host.Commit(NewKey(), 0, Posted());

        await host.Views.CatchUp(default);

        Assert.Equal(1L, await database.Value<long>("select posted from route_sums"));
    }

    [Theory]
    [InlineData("parcel_weighed", "{}", "unknown type parcel_weighed")]
    [InlineData("parcel_moved", """{"kilometres": "far"}""", "cannot be read")]
    public async Task An_event_of_our_streams_that_cannot_be_read_is_never_skipped_silently(string type, string data, string error)
    {
        await Marten.Start(database, NewKey(), "parcel", type, data);
        await host.Commit(NewKey(), 0, Posted());

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Views.CatchUp(default));
        var status = (await host.Views.Status(default)).Single(view => view.Name == "routes");

        Assert.Equal(("stopped", 1L), (status.State, status.StoppedAt));
        Assert.Contains(error, status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_not_safe_yet_is_waited_for()
    {
        await using var slow = await host.DataSource.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await Marten.Start(slow, NewKey(), "parcel", "parcel_lost", """{"routeId": "00000000-0000-7000-8000-000000000001"}""");
        await host.Commit(NewKey(), 0, Posted());

        var catchingUp = host.Views.CatchUp(default);
        await Task.WhenAny(catchingUp, database.Execute("select pg_sleep(0.3)"));
        Assert.False(catchingUp.IsCompleted);
        await transaction.CommitAsync();
        await catchingUp;

        Assert.Equal(2L, await database.Value<long>("select sum(posted + lost)::bigint from route_sums"));
    }
}
