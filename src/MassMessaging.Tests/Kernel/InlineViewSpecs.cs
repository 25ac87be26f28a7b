using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

public sealed class InlineViewSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestDatabase database = null!;
    private KernelHost host = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(cluster);
        host = await KernelHost.Start(database, declare: kernel =>
        {
            KernelHost.Parcels(kernel);
            kernel.RowView<RouteTotal>(ViewMode.Inline);
        });
        await database.Execute(
            "create table route_total (profile_id uuid not null, id uuid not null, kilometres bigint not null, primary key (profile_id, id))");
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Every_kind_of_column_comes_back_as_it_was_folded()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted(grams: 70), Moved(5));
        await host.Commit(parcel, 2, Moved(120));

        var row = await host.Store.Query(
            """
            select concat_ws('|', kind, grams, kilometres, moves, is_far, tons, moved_by, wanted_at at time zone 'UTC', last_kind,
                moved_at = (select max(timestamp) from mt_events))
            from parcel_row
            """,
            row => row.GetString(0), default);

        Assert.Equal(["heavy_goods|70|125|2|t|7e-05|user:1|2026-03-01 10:00:00.123|heavy_goods|t"], row);
        await Expected.InlineEqual(host);
    }

    [Fact]
    public async Task A_fold_to_nothing_deletes_the_row_and_a_later_one_may_start_it_again()
    {
        var (parcel, brief) = (NewKey(), NewKey());
        await host.Commit(parcel, 0, Posted());
        await host.Commit(parcel, 1, Lost());
        await host.Commit(brief, 0, Posted(), Lost());
        Assert.Equal(0L, await database.Value<long>("select count(*) from parcel_row"));

        await host.Commit(parcel, 2, Posted(grams: 3));
        Assert.Equal(3L, await database.Value<long>("select grams from parcel_row"));
    }

    [Fact]
    public async Task A_row_that_many_streams_write_to_loses_no_update()
    {
        for (var round = 0; round < 15; round++)
        {
            var profile = Guid.NewGuid();
            await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => host.Commit(new StreamKey(profile, Guid.CreateVersion7()), 0, Posted(), Moved(2))));
        }

        Assert.Equal(15 * 32L, await database.Value<long>("select sum(kilometres)::bigint from route_total"));
    }

    [Fact]
    public async Task A_fold_that_throws_commits_nothing()
    {
        var parcel = NewKey();

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Commit(parcel, 0, Posted(), Moved(-1)));

        Assert.Equal(0L, await database.Value<long>("select count(*) from mt_events"));
    }
}

public sealed record RouteTotal(Guid ProfileId, Guid Id, long Kilometres) : IRowView<RouteTotal>
{
    public static string ViewName => "route-totals";

    public static string Table => "route_total";

    public static Guid? RowOf(RecordedEvent recorded) => RouteRow.RowOf(recorded);

    public static RouteTotal? Evolve(RouteTotal? row, RecordedEvent recorded) => recorded.Data switch
    {
        ParcelMoved { Kilometres: < 0 } => throw new InvalidOperationException("A parcel cannot move backwards."),
        ParcelMoved moved => new RouteTotal(recorded.Stream.Profile, moved.RouteId, (row?.Kilometres ?? 0) + moved.Kilometres),
        _ => row,
    };
}
