using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed class OrderSpecs(TestCluster cluster) : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(TestNode.Start);
    private readonly Tally tally = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Create(cluster);

    [Fact]
    public async Task Messages_of_one_key_are_handled_one_at_a_time_in_the_order_sent()
    {
        await using var node = await Node(_ => false);
        var steps = Enumerable.Range(1, 20).Select(number => new Outgoing(new Step(number), number % 2 == 0 ? "even" : "odd", null));
        await node.Send([.. steps]);

        var first = await node.Claims.Claim(TestNode.Steps with { BatchSize = 20 }, CancellationToken.None);
        Assert.Equal(["odd", "even"], first.Select(held => held.Key));
        clock.Advance(TestNode.Steps.Lease);
        await node.Drain();

        Assert.Equal(Enumerable.Range(1, 20).Where(number => number % 2 == 0), tally.Numbers.Where(number => number % 2 == 0));
        Assert.Equal(Enumerable.Range(1, 20).Where(number => number % 2 == 1), tally.Numbers.Where(number => number % 2 == 1));
    }

    [Fact]
    public async Task A_head_that_backs_off_blocks_its_key_and_no_other()
    {
        var isBroken = true;
        await using var node = await Node(number => number == 1 && isBroken);
        await Send(node);
        await node.Drain();

        Assert.Equal([1, 3], tally.Numbers);
        var blocked = Assert.Single(await node.Get<Queues>().Blocked(CancellationToken.None));
        Assert.Equal(("steps", "ana", "waiting", 1L), (blocked.Queue, blocked.Key, blocked.Reason, blocked.Behind));

        isBroken = false;
        clock.Advance(TestNode.Steps.BackOff);
        await node.Drain();
        Assert.Equal([1, 3, 1, 2], tally.Numbers);
    }

    [Fact]
    public async Task A_dead_head_blocks_its_key_until_it_is_discarded()
    {
        await using var node = await Node(number => number == 1, TestNode.Steps with { MaxAttempts = 1 });
        await Send(node);
        await node.Drain();

        Assert.Equal([1, 3], tally.Numbers);
        Assert.Equal("dead", Assert.Single(await node.Get<Queues>().Blocked(CancellationToken.None)).Reason);
        Assert.Equal(1, (await node.Get<Queues>().Status(CancellationToken.None)).Single(queue => queue.Queue == "steps").BlockedKeys);

        var letter = Assert.Single(await node.Get<DeadLetters>().List(10, 0, CancellationToken.None));
        await node.Get<DeadLetters>().Discard([letter.Id], CancellationToken.None);
        await node.Drain();
        Assert.Equal([1, 3, 2], tally.Numbers);
    }

    [Fact]
    public async Task A_leased_head_blocks_its_key_on_every_node()
    {
        await using var node = await Node(_ => false);
        await using var other = await Node(_ => false);
        await Send(node);
        Assert.Equal(["ana"], (await node.Claims.Claim(TestNode.Steps, CancellationToken.None)).Select(held => held.Key));

        await other.Drain();

        Assert.Equal([3], tally.Numbers);
        Assert.Equal("leased", Assert.Single(await node.Get<Queues>().Blocked(CancellationToken.None)).Reason);
    }

    [Fact]
    public async Task Sessions_that_send_to_one_key_at_once_are_handled_in_the_order_in_which_they_committed()
    {
        await using var node = await Node(_ => false);
        await using var first = node.Store.Open(Origin.System);
        first.Send(new Step(1), "ana");
        await first.Sql("select 1", CancellationToken.None);
        await node.Send(new Step(2), "ana");
        await first.Commit(CancellationToken.None);

        await node.Drain();

        Assert.Equal([2, 1], tally.Numbers);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static Task Send(TestNode node) => node.Send(
        new Outgoing(new Step(1), "ana", null), new Outgoing(new Step(2), "ana", null), new Outgoing(new Step(3), "luis", null));

    private Task<TestNode> Node(Func<int, bool> fails, params QueueOptions[] queues) => TestNode.On(
        database, clock,
        (numbers, texts, _, _) =>
        {
            tally.Add(numbers, texts);
            return numbers.Any(fails) ? throw new TimeoutException() : Task.CompletedTask;
        },
        queues);
}
