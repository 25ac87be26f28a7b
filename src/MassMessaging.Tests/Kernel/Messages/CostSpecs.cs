using System.Diagnostics;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

/// <summary>Cost per batch, not per message: statements are counted where the driver reports them.</summary>
public sealed class CostSpecs(TestCluster cluster) : IAsyncLifetime
{
    private const string Name = "MassMessaging.Tests.Cost";

    private static readonly ActivitySource Source = new(Name);

    private TestDatabase database = null!;
    private TestNode node = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(cluster);
        var clock = new FakeTimeProvider(TestNode.Start);
        node = await TestNode.On(database, clock, TestNode.DoNothing, TestNode.Notes with { BatchSize = 500 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public async Task Sending_is_one_round_trip_whatever_the_number(int number) =>
        Assert.Equal(1, await Statements(() => Send(number)));

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public async Task Claiming_is_one_statement_whatever_the_number(int number)
    {
        await Send(number);

        Assert.Equal(1, await Statements(async () =>
            Assert.Equal(number, (await node.Claims.Claim(TestNode.Notes with { BatchSize = 500 }, CancellationToken.None)).Count)));
    }

    [Fact]
    public async Task Handling_costs_as_many_statements_for_one_message_as_for_many()
    {
        await node.Drain(); // The first one also starts the views.
        await Send(1);
        var one = await Statements(() => node.Drain());
        await Send(500);
        var many = await Statements(() => node.Drain());

        Assert.Equal(one, many);
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    private Task Send(int number) => node.Send(
        [.. Enumerable.Range(1, number).Select(each => new Outgoing(new Note(each), $"key-{each}", null))]);

    // Other specs run meanwhile: only what belongs to this flow is counted.
    private static async Task<int> Statements(Func<Task> work)
    {
        var count = 0;
        var trace = default(ActivityTraceId);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == trace && activity.Source.Name is "Npgsql") Interlocked.Increment(ref count);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var root = Source.StartActivity("spec")!;
        trace = root.TraceId;
        await work();
        return count;
    }
}
