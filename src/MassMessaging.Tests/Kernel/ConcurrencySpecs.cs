using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

public sealed class ConcurrencySpecs(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const int Writers = 16;

    private KernelHost host = null!;

    public async ValueTask InitializeAsync() => host = await KernelHost.Start(database);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task One_of_sixteen_writers_of_a_version_wins()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => TryCommit(parcel, 1)));

        Assert.Single(outcomes, won => won);
        Assert.Equal(2, (await host.Store.AsOf<Parcel>(parcel, long.MaxValue, default)).Version);
    }

    [Fact]
    public async Task Decisions_on_one_stream_are_made_one_after_the_other()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted());

        // Each conflict means that another one won, so with enough rounds everybody gets through.
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            while (true)
            {
                try
                {
                    await host.Store.Decide<Parcel>(Origin.System, parcel, state => Decision.Accept(Moved(state.Events)), default);
                    return;
                }
                catch (ConcurrencyException)
                {
                }
            }
        }));

        var parcelNow = await host.Store.AsOf<Parcel>(parcel, long.MaxValue, default);
        Assert.Equal((17, Enumerable.Range(1, 16).Sum()), (parcelNow.Version, (int)parcelNow.State.Kilometres));
    }

    [Fact]
    public async Task A_decision_on_a_version_that_is_gone_is_refused()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted(), Moved(1));

        var late = await host.Store.Decide<Parcel>(Origin.System, parcel, _ => Decision.Accept(Moved(1)), default, ifVersion: 1);
        var inTime = await host.Store.Decide<Parcel>(Origin.System, parcel, _ => Decision.Accept(Moved(1)), default, ifVersion: 2);

        Assert.Equal("precondition-failed", Assert.IsType<Decision.Refused>(late.Outcome).Code);
        Assert.Equal(3, inTime.Version);
    }

    [Fact]
    public async Task Batches_over_the_same_streams_in_any_order_neither_deadlock_nor_lose()
    {
        var parcels = Enumerable.Range(0, 40).Select(_ => NewKey()).ToList();
        foreach (var parcel in parcels) await host.Commit(parcel, 0, Posted());

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var random = new Random(writer);
            for (var round = 0; round < 10; round++)
            {
                await using var session = host.Open();
                var mine = parcels.OrderBy(_ => random.Next()).Take(20).ToList();
                foreach (var (key, version, _) in (await session.LoadMany<Parcel>(mine, default)).Values.OrderBy(_ => random.Next()))
                    session.Append(key, version, Moved(1));
                session.Append(NewKey(), 0, Posted());
                await session.Commit(default);
            }
        }));

        var ids = parcels.Select(parcel => parcel.Id).ToArray();
        var folded = await host.Store.Query("select sum(kilometres)::bigint from parcel_row where id = any (@ids)", row => row.GetInt64(0), default, ("ids", ids));
        Assert.Equal(Writers * 10 * 20, folded.Single());
    }

    [Fact]
    public async Task Sequence_order_never_contradicts_stream_order()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted());
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            await using var session = host.Open();
            var loaded = await session.LoadMany<Parcel>([parcel], default);
            session.Append(parcel, loaded[parcel].Version, Moved(1), Moved(2));
            await session.Commit(default);
        }));

        var recorded = await host.Store.Read(parcel, default).ToListAsync();

        Assert.Equal(33, recorded.Count);
        Assert.Equal(recorded.Select(one => one.Seq).Order(), recorded.Select(one => one.Seq));
        Assert.Equal(Enumerable.Range(1, 33).Select(version => (long)version), recorded.Select(one => one.Version));
    }

    private async Task<bool> TryCommit(StreamKey stream, long version)
    {
        try
        {
            await host.Commit(stream, version, Moved(1));
            return true;
        }
        catch (ConcurrencyException)
        {
            return false;
        }
    }
}
