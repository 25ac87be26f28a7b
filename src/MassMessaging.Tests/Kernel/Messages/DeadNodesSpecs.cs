using MassMessaging.Kernel;
using MassMessaging.Kernel.Messages;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

/// <summary>A lease is 30 s long here, as everywhere: nobody waits for its end when the node that has it is dead.</summary>
public sealed class DeadNodesSpecs(TestCluster cluster) : IAsyncLifetime
{
    private static readonly TimeSpan Unseen = TimeSpan.FromSeconds(4.1);

    private readonly FakeTimeProvider clock = new(TestNode.Start);
    private readonly Tally tally = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Create(cluster);

    [Fact]
    public async Task What_a_dead_node_had_in_hand_falls_due_when_it_counts_as_dead_and_is_handled_as_suspect()
    {
        await using var dead = await Node(TestNode.DoNothing);
        await using var other = await Node(Record);
        await dead.Get<Nodes>().Beat(default);
        await dead.Send(new Note(1));
        Assert.Single(await dead.Claims.Claim(TestNode.Notes, default));

        clock.Advance(TimeSpan.FromSeconds(3.9));
        await Look(other);
        Assert.Empty(await other.Claims.Claim(TestNode.Notes, default));

        clock.Advance(Unseen - TimeSpan.FromSeconds(3.9));
        await Look(other);
        var held = Assert.Single(await other.Claims.Claim(TestNode.Notes, default));
        Assert.Equal((2, true), (held.Counted, held.IsSuspect));
    }

    [Fact]
    public async Task A_node_that_was_only_stalled_keeps_nothing_of_what_it_did()
    {
        var late = new Pause();
        await using var stalled = await Node(async (numbers, _, session, ct) =>
        {
            await TestNode.Leave(session, [.. numbers, .. numbers], ct);
            await late.Here();
        });
        await using var other = await Node(Record);
        await stalled.Get<Nodes>().Beat(default);
        await stalled.Send(new Note(1));
        var slowly = stalled.Drain();
        await late.Reached;
        clock.Advance(Unseen);
        await Look(other);
        await other.Drain();
        late.GoOn();
        await slowly;

        Assert.Equal([1], tally.Numbers);
        Assert.Equal(0, await database.Value<long>("select count(*) from handled"));
        Assert.Equal(0, await database.Value<long>("select count(*) from message"));
    }

    [Fact]
    public async Task A_node_that_is_seen_keeps_its_claims_and_one_that_came_back_may_die_again()
    {
        await using var node = await Node(TestNode.DoNothing);
        await using var other = await Node(Record);
        await node.Send(new Note(1));
        clock.Advance(Unseen);
        await node.Get<Nodes>().Beat(default);
        Assert.Single(await node.Claims.Claim(TestNode.Notes, default));
        await Look(other);
        Assert.Empty(await other.Claims.Claim(TestNode.Notes, default));

        for (var death = 1; death <= 2; death++)
        {
            clock.Advance(Unseen);
            await Look(other);
            await node.Get<Nodes>().Beat(default); // it was only stalled
            Assert.Single(await node.Claims.Claim(TestNode.Notes, default));
            await Look(other);
        }

        Assert.Equal(3, await database.Value<int>("select attempt from message"));
    }

    [Fact]
    public async Task It_looks_again_at_the_instant_at_which_another_may_be_dead()
    {
        await using var one = await Node(TestNode.DoNothing);
        await using var other = await Node(TestNode.DoNothing);
        await one.Get<Nodes>().Beat(default);
        Assert.Equal(TimeSpan.FromSeconds(1), await Look(other));

        clock.Advance(TimeSpan.FromSeconds(3.4));
        Assert.Equal(TimeSpan.FromSeconds(0.6), await Look(other));
    }

    [Fact]
    public async Task Its_daemons_do_so_by_themselves_and_wake_the_workers()
    {
        await using var other = await TestNode.On(database, null, TimeSpan.FromHours(1), Record, TestNode.Notes with { Lease = TimeSpan.FromHours(1) });
        await using (var killed = await TestNode.On(database, null, TestNode.DoNothing, TestNode.Notes with { Lease = TimeSpan.FromHours(1) }))
        {
            await killed.Get<Nodes>().Beat(default);
            await killed.Send(new Note(1));
            Assert.Single(await killed.Claims.Claim(TestNode.Notes, default));
        }

        await other.Run();

        await tally.Count(1);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static Task<TimeSpan> Look(TestNode node) => node.Get<DeadNodes>().RunOnce(default);

    private Task<TestNode> Node(Script script) => TestNode.On(database, clock, script);

    private Task Record(IReadOnlyList<int> numbers, IReadOnlyList<string> texts, ISession session, CancellationToken ct)
    {
        tally.Add(numbers, texts);
        return Task.CompletedTask;
    }
}
