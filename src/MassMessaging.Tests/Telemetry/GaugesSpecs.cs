using System.Diagnostics;
using System.Diagnostics.Metrics;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Kernel;
using Microsoft.Extensions.Logging.Abstractions;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Telemetry;

public sealed class GaugesSpecs(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly GaugeQuery Own = new(
        "select 'own.held', held.reason, null, held.lanes::float8 from (values ('breaker', 3), ('quiet', 1)) as held (reason, lanes)",
        new Gauge("own.held", "{lane}", "As a feature declares it.", "reason"));

    [Fact]
    public async Task One_statement_answers_all_gauges_of_kernel_and_features()
    {
        await using var host = await Host();
        using var gauges = await Node(host);
        await host.Commit(NewKey(), 0, Posted());

        var (told, statements) = Collect(gauges);

        Assert.Equal(1, statements);
        Assert.Equal((3, 1), (told["own.held reason=breaker"], told["own.held reason=quiet"]));
        Assert.Equal(0, told["massmessaging.queue.length queue=post state=due"]);
        Assert.Equal(0, told["massmessaging.queue.dead_letters queue=post"]);
        Assert.True(told["massmessaging.view.lag view=route-sums"] > 0);
        Assert.True(told["massmessaging.view.age view=route-sums"] >= 0);
        Assert.Equal(0, told["massmessaging.view.stopped view=route-sums"]);
    }

    [Fact]
    public async Task Only_the_eldest_living_node_tells_so_that_sums_over_nodes_are_right()
    {
        await using var first = await Host();
        await using var second = await Host();
        using var elder = await Node(first);
        using var younger = await Node(second);

        Assert.NotEmpty(Collect(elder).Told);
        Assert.Empty(Collect(younger).Told);
    }

    [Fact]
    public async Task A_database_that_is_away_leaves_gaps_and_breaks_nothing()
    {
        await using var host = await Host();
        using var gauges = await Node(host);
        await host.DataSource.DisposeAsync();

        Assert.Empty(Collect(gauges).Told);
    }

    /// <summary>No node of an earlier spec lives any more.</summary>
    private async Task<KernelHost> Host()
    {
        var host = await KernelHost.Start(database, declare: Declare);
        await database.Execute("delete from node");
        return host;
    }

    private static void Declare(KernelBuilder kernel)
    {
        KernelHost.Parcels(kernel);
        kernel.Queue(new QueueOptions("post")).Gauge(Own);
    }

    private static async Task<Gauges> Node(KernelHost host)
    {
        using var nodes = new Nodes(host.DataSource, host.Get<NodeId>(), host.Get<TimeProvider>(), NullLogger<Nodes>.Instance);
        await nodes.Beat(CancellationToken.None);
        return new Gauges(host.Get<KernelBuilder>(), host.DataSource, host.Get<NodeId>(), host.Get<TimeProvider>());
    }

    private static (Dictionary<string, double> Told, int Statements) Collect(Gauges gauges)
    {
        var (told, statements) = (new Dictionary<string, double>(), 0);
        using var flow = new Activity("spec").Start();
        using var driver = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = statement => statements += statement.TraceId == flow.TraceId ? 1 : 0,
        };
        ActivitySource.AddActivityListener(driver);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter == gauges.Meter) own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            told[string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Prepend(instrument.Name))] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return (told, statements);
    }
}
