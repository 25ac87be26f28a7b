using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

/// <summary>Queues whose messages are taken, handled and deleted in one transaction.</summary>
public sealed class OneCommitSpecs(TestCluster cluster) : IAsyncLifetime
{
    private const string Leased = "select count(*) from message where is_leased";

    private static readonly QueueOptions Queue = TestNode.Notes with { InOneCommit = true, BatchSize = 3, MaxAttempts = 2 };

    private readonly FakeTimeProvider clock = new(TestNode.Start);
    private readonly List<(int Messages, long Leased)> batches = [];
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Create(cluster);

    [Fact]
    public async Task No_claim_is_written_and_what_is_handled_is_gone_with_what_it_wrote()
    {
        await using var node = await Node(Leave);
        await node.Drain();
        await Send(node, 7);
        await node.Drain();

        Assert.Equal([(3, 0), (3, 0), (1, 0)], batches);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], await Handled());
        Assert.Equal(0, await database.Value<long>("select count(*) from message"));
    }

    [Fact]
    public async Task The_first_batches_of_a_process_go_by_lease_so_that_what_ends_processes_spends_its_attempts()
    {
        await using var node = await Node(Leave);
        await Send(node, 9);
        await node.Drain();

        Assert.Equal([(3, 3), (3, 3), (3, 0)], batches);
        Assert.Equal(9, (await Handled()).Count);
    }

    [Fact]
    public async Task What_fails_is_found_out_about_by_lease_and_its_neighbours_are_handled_once()
    {
        await using var node = await Node((numbers, session, ct) =>
            numbers.Contains(2) ? throw new InvalidOperationException() : Leave(numbers, session, ct));
        await node.Drain();
        await Send(node, 3);
        await node.Drain();
        clock.Advance(TimeSpan.FromMinutes(1));
        await node.Drain();

        Assert.Equal([1, 3], await Handled());
        Assert.Equal("InvalidOperationException", await database.Value<string>("select error from message where dead_at is not null and attempt = 2"));
    }

    [Fact]
    public async Task A_key_goes_by_lease_since_it_may_be_sent_again_meanwhile()
    {
        await using var node = await Node(Leave);
        await node.Drain();
        await node.Send(new Note(1), "key");
        await node.Drain();

        Assert.Equal([(1, 1)], batches);
    }

    [Fact]
    public async Task What_a_handler_sends_waits_for_its_commit()
    {
        await using var node = await Node(async (numbers, session, ct) =>
        {
            if (numbers[0] < 4) session.Send(new Note(numbers[0] + 1));
            await Leave(numbers, session, ct);
        });
        await node.Drain();
        await node.Send(new Note(1));
        await node.Drain();

        Assert.Equal([1, 2, 3, 4], await Handled());
    }

    [Fact]
    public async Task Nodes_share_a_queue_and_each_message_is_handled_once()
    {
        await using var one = await Node(Leave, workers: 2);
        await using var other = await Node(Leave, workers: 2);
        await one.Run();
        await other.Run();
        for (var round = 0; round < 5; round++) await Send(one, 40, first: round * 40);
        await one.Drain();
        await other.Drain();

        Assert.Equal(Enumerable.Range(1, 200), await Handled());
    }

    [Fact]
    public async Task A_drain_waits_for_what_the_daemons_have_taken()
    {
        var pause = new Pause();
        await using var node = await Node(async (numbers, session, ct) =>
        {
            await pause.Here();
            await Leave(numbers, session, ct);
        });
        await node.Drain();
        await node.Run();
        await Send(node, 1);
        await pause.Reached;

        var draining = node.Drain();
        Assert.False(draining.IsCompleted);
        pause.GoOn();
        await draining;
        Assert.Equal([1], await Handled());
    }

    [Fact]
    public async Task A_session_that_is_cut_off_gives_all_back_at_once()
    {
        var isFirst = true;
        await using var node = await Node(async (numbers, session, ct) =>
        {
            await Leave(numbers, session, ct);
            if (!isFirst) return;
            isFirst = false;
            var self = await session.Query("select pg_backend_pid()", row => row.GetInt32(0), ct);
            await database.Execute($"select pg_terminate_backend({self[0]})");
        });
        await node.Drain();
        await Send(node, 3);
        await node.Drain();

        Assert.Equal([1, 2, 3], await Handled());
        Assert.Equal([(3, 0), (3, 3)], batches);
    }

    [Fact]
    public async Task What_is_older_than_the_last_batch_and_seen_after_it_is_taken_too()
    {
        await using var node = await Node(async (numbers, session, ct) =>
        {
            if (numbers.Contains(1))
                await database.Execute("update message set scheduled_for = scheduled_for - interval '1 hour' where body ->> 'number' = '5'"); // committed late
            await Leave(numbers, session, ct);
        });
        await node.Drain();
        await Send(node, 5);
        await node.Drain();

        Assert.Equal([1, 2, 3, 4, 5], await Handled());
        Assert.Equal([(3, 0), (1, 0), (1, 0)], batches);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static Task Leave(IReadOnlyList<int> numbers, ISession session, CancellationToken ct) => TestNode.Leave(session, numbers, ct);

    private static Task Send(TestNode node, int number, int first = 0) =>
        node.Send([.. Enumerable.Range(first + 1, number).Select(each => new Outgoing(new Note(each), null, null))]);

    private Task<TestNode> Node(Func<IReadOnlyList<int>, ISession, CancellationToken, Task> handle, int workers = 1) => TestNode.On(
        database, clock, async (numbers, _, session, ct) =>
        {
            var leased = (await session.Query(Leased, row => row.GetInt64(0), ct))[0];
            lock (batches) batches.Add((numbers.Count, leased));
            await handle(numbers, session, ct);
        },
        Queue with { Workers = workers });

    private async Task<List<int>> Handled() => [.. (await database.Value<int[]>("select coalesce(array_agg(number order by number), '{}') from handled"))!];
}
