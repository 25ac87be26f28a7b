using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Npgsql;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

public sealed class StoreSpecs(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private KernelHost host = null!;

    public async ValueTask InitializeAsync() => host = await KernelHost.Start(database);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_stream_is_folded_from_its_events()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted(grams: 70), Moved(5));
        await host.Commit(parcel, 2, Moved(7));

        await using var session = host.Open();
        Assert.Equal(new Versioned<Parcel>(parcel, 3, new Parcel(70, 12, 3)), await session.FetchForWriting<Parcel>(parcel, default));
    }

    [Fact]
    public async Task A_stream_without_events_is_at_version_0()
    {
        var parcel = NewKey();
        await using var session = host.Open();

        Assert.Equal(new Versioned<Parcel>(parcel, 0, Parcel.Initial), await session.FetchForWriting<Parcel>(parcel, default));
        var many = await session.LoadMany<Parcel>([parcel], default);
        Assert.Equal(new Versioned<Parcel>(parcel, 0, Parcel.Initial), many[parcel]);
    }

    [Fact]
    public async Task A_fold_sees_what_its_session_appended()
    {
        var parcel = NewKey();
        await using var session = host.Open();
        session.Append(parcel, 0, Posted(grams: 1));

        Assert.Equal(1, (await session.FetchForWriting<Parcel>(parcel, default)).Version);
    }

    [Fact]
    public async Task Nothing_is_written_without_a_commit()
    {
        var parcel = NewKey();
        await database.Execute("create table never (id int)");
        await using (var session = host.Open())
        {
            session.Append(parcel, 0, Posted());
            await session.Sql("insert into never values (1)", default);
        }

        Assert.Empty(await Events(parcel));
        Assert.Equal(0, await database.Value<long>("select count(*) from never"));
    }

    [Fact]
    public async Task Events_views_and_own_statements_commit_together_or_not_at_all()
    {
        var (first, second) = (NewKey(), NewKey());
        await host.Commit(second, 0, Posted());
        await database.Execute("create table if not exists note (id uuid)");
        await using var session = host.Open();
        await session.Sql("insert into note (id) values (@id)", default, ("id", first.Id));
        session.Append(first, 0, Posted());
        session.Append(second, 7, Moved(1));

        await Assert.ThrowsAsync<ConcurrencyException>(() => session.Commit(default));

        Assert.Empty(await Events(first));
        Assert.Equal(0L, await database.Value<long>($"select count(*) from note where id = '{first.Id}'"));
        Assert.Equal(0L, await database.Value<long>($"select count(*) from parcel_row where id = '{first.Id}'"));
    }

    [Fact]
    public async Task A_lost_lease_undoes_events_and_views_alike()
    {
        var parcel = NewKey();
        await using var session = ((Store)host.Store).OpenFor(Origin.System, (_, _) => throw new LeaseLostException("Another worker has it."));
        session.Append(parcel, 0, Posted());

        await Assert.ThrowsAsync<LeaseLostException>(() => session.Commit(default));

        Assert.Empty(await Events(parcel));
        Assert.Equal(0L, await database.Value<long>($"select count(*) from parcel_row where id = '{parcel.Id}'"));
    }

    [Fact]
    public async Task A_started_stream_cannot_be_started_again()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted());

        await Assert.ThrowsAsync<ConcurrencyException>(() => host.Commit(parcel, 0, Posted()));
    }

    [Fact]
    public async Task A_session_is_over_after_a_conflict()
    {
        var parcel = NewKey();
        await using var session = host.Open();
        session.Append(parcel, 3, Moved(1));
        await Assert.ThrowsAsync<ConcurrencyException>(() => session.Commit(default));

        await Assert.ThrowsAsync<InvalidOperationException>(() => session.Sql("select 1", default));
    }

    [Fact]
    public async Task Another_version_in_one_session_is_a_mistake_named_at_once()
    {
        var parcel = NewKey();
        await using var session = host.Open();
        session.Append(parcel, 0, Posted());

        Assert.Throws<InvalidOperationException>(() => session.Append(parcel, 0, Posted()));
    }

    [Fact]
    public async Task The_envelope_is_written_the_way_Marten_does()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted(grams: 70));
        var row = Assert.Single(await host.Store.Query(
            """
            select e.type, e.mt_dotnet_type, e.data ->> 'kind', e.user_name, e.correlation_id, e.causation_id, s.type, s.version,
                e.id <> e.stream_id and e.timestamp = s.created and e.tenant_id = s.tenant_id and not e.is_archived and not s.is_archived
            from mt_events e join mt_streams s on s.id = e.stream_id
            where e.stream_id = @id
            """,
            row => string.Join('|', Enumerable.Range(0, 9).Select(row.GetValue)), default, ("id", parcel.Id)));

        Assert.Equal(
            "parcel_posted|MassMessaging.Tests.Kernel.ParcelPosted, MassMessaging.Tests|heavyGoods|user:1|request-1|message-1|parcel|1|True", row);
    }

    [Fact]
    public async Task Recorded_events_are_read_in_order_up_to_a_version()
    {
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted(), Moved(1), Moved(2), Moved(3));

        var read = await host.Store.Read(parcel, default, fromVersion: 2, toVersion: 3).ToListAsync();

        Assert.Equal([Moved(1), Moved(2)], read.Select(recorded => recorded.Data));
        Assert.All(read, recorded => Assert.Equal("user:1", recorded.Actor));
    }

    [Fact]
    public async Task A_unique_violation_of_a_features_own_table_is_not_a_conflict()
    {
        await database.Execute("create table if not exists name (name text primary key)");
        await using var session = host.Open();

        await Assert.ThrowsAsync<PostgresException>(() => session.Sql("insert into name values ('a'), ('a')", default));
    }

    private async Task<List<RecordedEvent>> Events(StreamKey stream) => await host.Store.Read(stream, default).ToListAsync();
}
