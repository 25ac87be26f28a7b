using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed class NodesSpecs(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly FakeTimeProvider clock = new(TestNode.Start);

    [Fact]
    public async Task A_node_unseen_for_four_seconds_is_dead_and_one_that_stops_is_gone()
    {
        await using var one = await TestNode.On(database, clock, TestNode.DoNothing);
        await using var other = await TestNode.On(database, clock, TestNode.DoNothing);
        await one.Get<Nodes>().Beat(CancellationToken.None);
        await other.Get<Nodes>().Beat(CancellationToken.None);
        Assert.Empty(await Dead(one));

        clock.Advance(TimeSpan.FromSeconds(4.1));
        await other.Get<Nodes>().Beat(CancellationToken.None);
        Assert.Equal([one.Get<NodeId>().Value], await Dead(one));

        await other.Get<Nodes>().StopAsync(CancellationToken.None);
        Assert.Equal(0, await database.Value<long>($"select count(*) from node where id = '{other.Get<NodeId>().Value}'"));
        Assert.Equal(1, await database.Value<long>($"select count(*) from node where id = '{one.Get<NodeId>().Value}'"));
    }

    [Fact]
    public async Task When_the_hosts_time_is_up_it_still_signs_off()
    {
        await using var node = await TestNode.On(database, clock, TestNode.DoNothing);
        await node.Get<Nodes>().Beat(CancellationToken.None);

        await node.Get<Nodes>().StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(0, await database.Value<long>($"select count(*) from node where id = '{node.Get<NodeId>().Value}'"));
    }

    private Task<List<Guid>> Dead(TestNode node) => node.Store.Query(
        $"select id from node where {Nodes.IsDead}", row => row.GetGuid(0), CancellationToken.None, ("now", clock.GetUtcNow()));
}
