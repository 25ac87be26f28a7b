using MassMessaging.Kernel;
using MassMessaging.Kernel.Messages;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed class LeaseSpecs(TestCluster cluster) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider clock = new(TestNode.Start);
    private readonly Tally tally = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Create(cluster);

    [Fact]
    public async Task A_worker_killed_between_claim_and_commit_lets_its_message_fall_due_again()
    {
        await using var node = await Node(Record);
        await using (var killed = await Node(TestNode.DoNothing))
        {
            await killed.Send(new Note(1));
            Assert.Single(await killed.Claims.Claim(TestNode.Notes, CancellationToken.None));
        }

        await node.Drain();
        Assert.Empty(tally.Numbers);

        clock.Advance(Lease);
        await node.Drain();
        Assert.Equal([1], tally.Numbers);
        Assert.Equal(0, await Messages());
    }

    [Fact]
    public async Task A_connection_lost_in_the_middle_of_a_handler_leaves_nothing_of_it_and_counts_as_no_attempt()
    {
        var isFirst = true;
        await using var node = await Node(async (numbers, texts, session, ct) =>
        {
            await TestNode.Leave(session, numbers, ct);
            if (isFirst) await Cut(session, ct);
            tally.Add(numbers, texts);
        }, TestNode.Notes with { MaxAttempts = 1 });
        async Task Cut(ISession session, CancellationToken ct)
        {
            isFirst = false;
            var own = await session.Query("select pg_backend_pid()", row => row.GetInt32(0), ct);
            await database.Execute($"select pg_terminate_backend({own[0]})");
            await session.Sql("select 1", ct);
        }

        await node.Send(new Note(1));
        await node.Drain();
        Assert.Equal(0, await Handled());

        clock.Advance(TimeSpan.FromSeconds(1));
        await node.Drain();
        Assert.Equal(1, await Handled());
        Assert.Equal([1], tally.Numbers);
    }

    [Fact]
    public async Task A_worker_whose_lease_ran_out_changes_nothing()
    {
        var late = new Pause();
        var stream = new StreamKey(Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var slow = await Node(async (numbers, _, session, ct) =>
        {
            session.Append(stream, 0, new NoteTaken(1));
            session.Send(new Step(1));
            await TestNode.Leave(session, [.. numbers, .. numbers], ct);
            await late.Here();
        });
        await using var quick = await Node(async (numbers, texts, session, ct) =>
        {
            tally.Add(numbers, texts);
            await TestNode.Leave(session, numbers, ct);
        });
        await slow.Send(new Note(1));
        var slowly = slow.Drain();
        await late.Reached;
        clock.Advance(Lease);
        await quick.Drain();
        late.GoOn();
        await slowly;

        Assert.Equal([1], tally.Numbers);
        Assert.Equal(1, await Handled());
        Assert.Equal(0, await Messages());
        Assert.Equal(0, await database.Value<long>("select count(*) from mt_events"));
    }

    [Fact]
    public async Task The_heartbeat_keeps_a_long_handlers_lease()
    {
        var late = new Pause();
        await using var slow = await Node(async (numbers, texts, _, _) =>
        {
            await late.Here();
            tally.Add(numbers, texts);
        });
        await using var other = await Node(Record);
        await slow.Send(new Note(1));
        var slowly = slow.Drain();
        await late.Reached;
        for (var beat = 0; beat < 6; beat++)
        {
            clock.Advance(Lease * 0.9);
            await slow.Get<LeaseKeeper>().Beat(CancellationToken.None);
            await other.Drain();
        }

        late.GoOn();
        await slowly;
        Assert.Equal([1], tally.Numbers);
        Assert.Equal(0, await Messages());
    }

    [Fact]
    public async Task A_keyed_message_sent_again_while_it_is_handled_is_re_armed_once_with_the_later_body()
    {
        TestNode node = null!;
        node = await Node(async (numbers, texts, _, _) =>
        {
            tally.Add(numbers, texts);
            if (texts[0] != "first") return;
            await node.Send(new Note(1, "second"), "key");
            await node.Send(new Note(1, "third"), "key");
        });
        await using var disposed = node;

        await node.Send(new Note(1, "first"), "key");
        await node.Drain();

        Assert.Equal(["first", "third"], tally.Texts);
        Assert.Equal(0, await Messages());
    }

    [Fact]
    public async Task A_message_that_a_handler_sends_itself_for_later_waits_until_then()
    {
        await using var node = await Node((numbers, texts, session, _) =>
        {
            tally.Add(numbers, texts);
            if (texts[0] == "first") session.Send(new Note(1, "later"), "key", clock.GetUtcNow().AddHours(1));
            return Task.CompletedTask;
        });
        await node.Send(new Note(1, "first"), "key");
        await node.Drain();
        Assert.Equal(["first"], tally.Texts);

        clock.Advance(TimeSpan.FromHours(1));
        await node.Drain();
        Assert.Equal(["first", "later"], tally.Texts);
    }

    [Fact]
    public async Task What_kills_its_process_again_and_again_is_dead_in_the_end_and_spoils_nothing_else()
    {
        var queue = TestNode.Notes with { BatchSize = 10, MaxAttempts = 3 };
        await using var node = await Node(Record, queue);
        await node.Send([.. Enumerable.Range(1, 10).Select(number => new Outgoing(new Note(number), null, null))]);
        for (var kill = 0; kill < queue.MaxAttempts; kill++)
        {
            await using var killed = await Node(TestNode.DoNothing, queue);
            var claimed = await killed.Claims.Claim(queue, CancellationToken.None);
            Assert.Contains(claimed, held => held.Body.Contains("\"number\": 1}", StringComparison.Ordinal));
            clock.Advance(Lease);
        }

        await node.Drain();

        var letter = Assert.Single(await node.Get<DeadLetters>().List(10, 0, CancellationToken.None));
        Assert.Equal("lease-expired", letter.Error);
        Assert.Equal(Enumerable.Range(2, 9), tally.Numbers);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private Task<TestNode> Node(Script script, params QueueOptions[] queues) => TestNode.On(database, clock, script, queues);

    private Task Record(IReadOnlyList<int> numbers, IReadOnlyList<string> texts, ISession session, CancellationToken ct)
    {
        tally.Add(numbers, texts);
        return Task.CompletedTask;
    }

    private Task<long> Messages() => database.Value<long>("select count(*) from message");

    private Task<long> Handled() => database.Value<long>("select count(*) from handled");
}
