using System.Diagnostics;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Kernel;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Telemetry;

public sealed class TraceContextSpecs(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly Origin Chain = new("user:1", "request-1");
    private static readonly Origin Many = new("gateway");

    private KernelHost host = null!;

    public async ValueTask InitializeAsync() => host = await KernelHost.Start(database);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task An_event_is_written_with_the_trace_of_what_writes_it()
    {
        var parcel = NewKey();
        using var recorded = Flow(ActivityTraceFlags.Recorded);

        await Append(Chain, parcel, 0);

        Assert.Equal(recorded.Id, await Trace(parcel));
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", await Trace(parcel));
    }

    [Fact]
    public async Task What_is_not_recorded_leaves_nothing()
    {
        var parcel = NewKey();
        using var unrecorded = Flow(ActivityTraceFlags.None);

        await Append(Chain, parcel, 0);

        Assert.Equal(0, await database.Value<long>($"select count(*) from mt_events where stream_id = '{parcel.Id}' and headers is not null"));
    }

    [Fact]
    public async Task What_is_written_for_many_goes_on_with_each_streams_own_trace()
    {
        var (known, unknown) = (NewKey(), NewKey());
        string? first;
        using (var recorded = Flow(ActivityTraceFlags.Recorded))
        {
            first = recorded.Id;
            await Append(Chain, known, 0);
        }

        await Append(Many, unknown, 0);
        using var batch = Flow(ActivityTraceFlags.Recorded);
        foreach (var stream in (StreamKey[])[known, unknown]) await Append(Many, stream, 1);

        Assert.Equal(first, await Trace(known));
        Assert.Null(await Trace(unknown));
    }

    [Fact]
    public async Task A_stream_may_be_told_its_trace()
    {
        var (told, other) = (NewKey(), NewKey());
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var session = host.Store.Open(Many);
        foreach (var stream in (StreamKey[])[told, other]) session.Append(stream, 0, Posted());
        session.Trace(told, Trace);
        await session.Commit(default);

        Assert.Equal(Trace, await this.Trace(told));
        Assert.Null(await this.Trace(other));
    }

    [Theory]
    [InlineData(null, ActivityTraceFlags.Recorded)]
    [InlineData("message:7", ActivityTraceFlags.Recorded)]
    [InlineData("message:7", ActivityTraceFlags.None)]
    public void A_message_carries_the_trace_and_whether_it_is_recorded_beside_its_cause(string? cause, ActivityTraceFlags flags)
    {
        using var flow = Flow(flags);

        Assert.Equal(flow.Id, Traces.From(Traces.Beside(cause)));
        Assert.StartsWith(cause ?? "00-", Traces.Beside(cause), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_without_a_trace_carries_its_cause_alone()
    {
        Assert.Equal("message:7", Traces.Beside("message:7"));
        Assert.Null(Traces.From("message:7"));
    }

    [Fact]
    public void A_batch_is_linked_to_each_recorded_trace_once()
    {
        const string Recorded = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        Assert.Equal(
            "0af7651916cd43dd8448eb211c80319c",
            Assert.Single(Traces.Links([null, Recorded, Recorded, "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "nonsense"])!)
                .Context.TraceId.ToHexString());
        Assert.Null(Traces.Links([null]));
    }

    private static Activity Flow(ActivityTraceFlags flags)
    {
        var flow = new Activity("spec").SetIdFormat(ActivityIdFormat.W3C);
        flow.ActivityTraceFlags = flags;
        return flow.Start();
    }

    private async Task Append(Origin origin, StreamKey stream, long version)
    {
        await using var session = host.Store.Open(origin);
        session.Append(stream, version, version == 0 ? Posted() : Moved(1));
        await session.Commit(default);
    }

    /// <summary>As a decision and a reader of the stream see it.</summary>
    private async Task<string?> Trace(StreamKey stream)
    {
        await using var session = host.Open();
        var one = (await session.FetchForWriting<Parcel>(stream, default)).Trace;
        var many = (await session.LoadMany<Parcel>([stream], default))[stream].Trace;
        var last = "";
        await foreach (var recorded in host.Store.Read(stream, default)) last = recorded.Trace;
        Assert.Equal((one, one), (many, last));
        return one;
    }
}
