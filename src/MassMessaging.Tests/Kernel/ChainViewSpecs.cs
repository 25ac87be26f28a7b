using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Kernel;

/// <summary>The events of each route, numbered; every row holds the bytes of all before it, so that none can be out of place.</summary>
public sealed record ParcelLink(Guid ProfileId, Guid Id, long Seq, long? PreviousSeq, long Place, byte[] Trace) : IChainView<ParcelLink>
{
    public static string ViewName => "parcel-links";

    public static string Table => "parcel_link";

    public static Guid? ChainOf(RecordedEvent recorded) => new Guid((int)(recorded.Stream.Id.ToByteArray()[15] % 3), 0, 0, new byte[8]);

    public static ParcelLink Next(ParcelLink? last, RecordedEvent recorded) => new(
        recorded.Stream.Profile, ChainOf(recorded)!.Value, recorded.Seq, last?.Seq, (last?.Place ?? 0) + 1,
        System.Security.Cryptography.SHA256.HashData([.. last?.Trace ?? [], .. System.Text.Encoding.UTF8.GetBytes($"{recorded.Stored}")]));
}

public sealed class ChainViewSpecs(TestCluster cluster) : IAsyncLifetime
{
    private const string Rows = "select string_agg(l::text, E'\\n' order by l::text) from parcel_link l";

    private TestDatabase database = null!;
    private KernelHost host = null!;
    private KernelHost other = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(cluster);
        host = await KernelHost.Start(database, declare: Declare);
        other = await KernelHost.Start(database, declare: Declare);
        await database.Execute(
            "create table parcel_link (profile_id uuid not null, id uuid not null, seq bigint not null, previous_seq bigint, "
            + "place bigint not null, trace bytea not null, primary key (profile_id, id, seq))");
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await other.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Every_event_has_its_row_once_and_in_order_whoever_writes_and_whichever_node_follows()
    {
        var writing = Traffic.Run(host, rounds: 12);
        async Task Follow(KernelHost node)
        {
            while (!writing.IsCompleted) await node.Views.CatchUp(default);
        }

        await Task.WhenAll(writing, Follow(host), Follow(other));
        await host.Views.CatchUp(default);

        Assert.Equal(0, await database.Value<long>("""
            select count(*) from (
                select place, previous_seq, row_number() over chain as n, lag(seq) over chain as before
                from parcel_link window chain as (partition by profile_id, id order by seq)) numbered
            where place <> n or previous_seq is distinct from before
            """));
        Assert.Equal(
            await database.Value<long>("select count(*) from mt_events e join mt_streams s on s.id = e.stream_id where s.type = 'parcel'"),
            await database.Value<long>("select count(*) from parcel_link"));
    }

    [Fact]
    public async Task A_rebuild_gives_the_same_rows_whole_or_for_one_profile()
    {
        await Traffic.Run(host, rounds: 6, writers: 6);
        await host.Views.CatchUp(default);
        var live = await database.Value<string>(Rows);
        var profile = await database.Value<Guid>("select profile_id from parcel_link limit 1");

        await host.Rebuild.Run("parcel-links", default);
        Assert.Equal(live, await database.Value<string>(Rows));

        await database.Execute("update parcel_link set trace = '\\x00' where place = 2");
        await host.Rebuild.Run("parcel-links", default, profile);
        Assert.Equal(live, await database.Value<string>(Rows));
    }

    [Fact]
    public async Task What_stands_in_the_log_comes_with_every_event_as_it_is_written_there()
    {
        var parcel = Given.NewKey();
        await host.Commit(parcel, 0, Given.Posted(), Given.Moved(4));
        await host.Views.CatchUp(default);
        var chains = host.Get<EventChains>();
        var chain = new StreamKey(parcel.Profile, ParcelLink.ChainOf(new RecordedEvent(0, parcel, 1, new object(), default, null, null, null))!.Value);

        var end = await chains.CatchUp<ParcelLink>(TimeSpan.FromMinutes(1), default);
        var page = await chains.Page<ParcelLink>(chain, 0, long.MaxValue, 10, default);

        Assert.Equal(end, page[^1].Link.Seq);
        Assert.Equal(["parcel_posted", "parcel_moved"], page.Select(one => one.Event!.Type));
        Assert.Equal(
            await database.Value<string>($"select data::text from mt_events where seq_id = {page[0].Link.Seq}"), page[0].Event!.Json);
        Assert.Equal(("user:1", "request-1", "message-1"), (page[0].Event!.Actor, page[0].Event!.CorrelationId, page[0].Event!.CausationId));
        Assert.Equal(page[1].Link.Seq, (await chains.Last<ParcelLink>(chain, default))?.Seq);
        Assert.Equal(page[0].Link.Seq, (await chains.Last<ParcelLink>(chain, default, until: page[0].Link.Seq))?.Seq);
    }

    [Fact]
    public async Task What_belongs_to_no_request_goes_on_with_its_streams_chain()
    {
        var parcel = Given.NewKey();
        await host.Commit(parcel, 0, Given.Posted());
        await using (var session = host.Store.Open(Origin.System))
        {
            session.Append(parcel, 1, Given.Moved(1), Given.Moved(2));
            await session.Commit(default);
        }

        await using (var session = host.Store.Open(new Origin("user:2", "request-2")))
        {
            session.Append(parcel, 3, Given.Moved(3));
            await session.Commit(default);
        }

        var events = new List<RecordedEvent>();
        await foreach (var recorded in host.Store.Read(parcel, default)) events.Add(recorded);
        Assert.Equal(
            [("request-1", "message-1"), ("request-1", $"event:{events[0].Seq}"), ("request-1", $"event:{events[0].Seq}"), ("request-2", null)],
            events.Select(one => (one.CorrelationId, one.CausationId)));
    }

    private static void Declare(KernelBuilder kernel)
    {
        KernelHost.Parcels(kernel);
        kernel.ChainView<ParcelLink>();
    }
}
