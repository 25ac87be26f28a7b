using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

/// <summary>Many streams that start together are copied in; nobody can tell.</summary>
public sealed class StreamCopySpecs(TestCluster cluster) : IAsyncLifetime
{
    private const int Many = 150;

    private const string Shapes = """
        select concat_ws('|', s.type, s.version, s.is_archived, s.timestamp = e.timestamp, s.created = e.timestamp, e.version,
            e.type, e.data::text, e.mt_dotnet_type, e.correlation_id, e.causation_id, e.headers::text, e.user_name, e.is_archived, s.tenant_id)
        from mt_events e join mt_streams s on s.tenant_id = e.tenant_id and s.id = e.stream_id
        group by s.type, s.version, s.is_archived, s.timestamp = e.timestamp, s.created = e.timestamp, e.version, e.type, e.data::text,
            e.mt_dotnet_type, e.correlation_id, e.causation_id, e.headers::text, e.user_name, e.is_archived, s.tenant_id
        order by e.version
        """;

    private readonly Guid profile = Guid.NewGuid();
    private TestDatabase database = null!;
    private KernelHost host = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(cluster);
        host = await KernelHost.Start(database);
        await host.Get<Migrator>().Migrate(default); // gives the parcels' own tables their policies
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task They_stand_in_the_log_as_if_each_had_been_started_alone()
    {
        await host.Commit(NewStream(), 0, Posted(), Moved(5));
        var alone = await Rows();
        await Start(NewStreams());

        Assert.Equal(2, alone.Count);
        Assert.Equal(alone, await Rows());
        Assert.Equal(2 * (Many + 1), await database.Value<long>($"select count(*) from {database.Schema}.mt_events"));
        await Expected.InlineEqual(host);
    }

    [Fact]
    public async Task Their_numbers_go_up_in_the_order_in_which_they_were_appended()
    {
        var streams = NewStreams();
        await Start(streams);

        Assert.Equal(
            streams.Select(stream => stream.Id),
            await host.Store.Query("select stream_id from mt_events where version = 1 order by seq_id", row => row.GetGuid(0), default));
        await host.Commit(streams[7], 2, Moved(3));
        Assert.Equal(3, await database.Value<long>($"select version from {database.Schema}.mt_streams where id = '{streams[7].Id}'"));
        await Expected.InlineEqual(host);
    }

    [Fact]
    public async Task One_that_is_there_already_is_a_conflict_and_nothing_is_written()
    {
        var streams = NewStreams();
        await host.Commit(streams[99], 0, Posted());

        await Assert.ThrowsAsync<ConcurrencyException>(() => Start(streams));

        Assert.Equal(1, await database.Value<long>($"select count(*) from {database.Schema}.mt_streams"));
        Assert.Equal(1, await database.Value<long>($"select count(*) from {database.Schema}.mt_events"));
    }

    [Fact]
    public async Task A_request_starts_many_too_and_only_its_own()
    {
        using (RowScope.Of(profile)) await Start(NewStreams());
        using (RowScope.Of(Guid.NewGuid())) await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Start(NewStreams()));

        Assert.Equal(Many, await database.Value<long>($"select count(*) from {database.Schema}.mt_streams"));
        await Expected.InlineEqual(host);
    }

    [Fact]
    public async Task The_session_goes_on_in_its_role()
    {
        await using var session = host.Open();
        var rows = NewStreams().ConvertAll(
            stream => new ParcelRowOf(stream.Profile, stream.Id, "light", 1, 2, 3, false, 4, DateTimeOffset.UnixEpoch));
        await session.Insert("parcel_row", rows, default);

        Assert.Equal(["mass_messaging_worker"], await session.Query("select current_user::text", row => row.GetString(0), default));
        Assert.Equal([Many], await session.Query("select count(*) from parcel_row", row => row.GetInt64(0), default));
    }

    private StreamKey NewStream() => new(profile, Guid.CreateVersion7());

    private List<StreamKey> NewStreams() => [.. Enumerable.Range(0, Many).Select(_ => NewStream()).Order()];

    private async Task Start(List<StreamKey> streams)
    {
        await using var session = host.Open();
        foreach (var stream in streams) session.Append(stream, 0, Posted(), Moved(5));
        await session.Commit(default);
    }

    private Task<List<string>> Rows() => host.Store.Query(Shapes, row => row.GetString(0), default);

    private sealed record ParcelRowOf(
        Guid ProfileId, Guid Id, string Kind, long Grams, long Kilometres, int Moves, bool IsFar, double Tons, DateTimeOffset WantedAt);
}
