using MassMessaging.Kernel;
using MassMessaging.Kernel.Messages;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace MassMessaging.Tests.Kernel.Messages;

/// <summary>The daemons themselves, on the real clock.</summary>
public sealed class WorkersSpecs(TestCluster cluster) : IAsyncLifetime
{
    private readonly Tally tally = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Create(cluster);

    [Fact]
    public async Task Two_nodes_on_one_queue_handle_every_message_once()
    {
        var queue = TestNode.Notes with { Workers = 4, BatchSize = 7 };
        await using var one = await (await Node(LeaveRow, queue)).Run();
        await using var other = await (await Node(LeaveRow, queue)).Run();

        foreach (var chunk in Enumerable.Range(1, 1_000).Chunk(100))
            await one.Send([.. chunk.Select(number => new Outgoing(new Note(number), null, null))]);
        await tally.Distinct(1_000);
        await one.Stop();
        await other.Stop();

        Assert.Equal(1_000, await database.Value<long>("select count(*) from handled"));
        Assert.Equal(1_000, await database.Value<long>("select count(distinct number) from handled"));
        Assert.Equal(0, await database.Value<long>("select count(*) from message"));
    }

    [Fact]
    public async Task Stopping_finishes_what_is_in_hand_and_leaves_the_rest()
    {
        var pause = new Pause();
        await using var node = await Node(async (numbers, texts, session, ct) =>
        {
            await pause.Here();
            await LeaveRow(numbers, texts, session, ct);
        });
        await node.Run(typeof(MessageWorkers)); // alone, so that stopping has begun when Stop returns to us
        await node.Send(new Outgoing(new Note(1), null, null), new Outgoing(new Note(2), null, null));
        await pause.Reached;
        using var slow = new ManualResetEventSlim(); // Who is told last holds up who was there before.
        using var told = node.Get<Draining>().Begun.Register(slow.Wait);

        var stopping = node.Stop();
        pause.GoOn();
        await stopping;
        slow.Set();

        Assert.Equal(1, await Handled());
        Assert.Equal(0, await database.Value<int>("select attempt from message"));
    }

    [Fact]
    public async Task What_is_not_finished_in_time_is_given_back_due_at_once_and_not_counted()
    {
        var pause = new Pause();
        await using var node = await Node(async (_, _, _, ct) =>
        {
            await pause.Here();
            ct.ThrowIfCancellationRequested();
        });
        await node.Send(new Note(1));
        await node.Run(typeof(MessageWorkers));
        await pause.Reached;

        node.Get<Draining>().CutShort();
        await node.Stop();
        pause.GoOn();

        await using var other = await Node(TestNode.DoNothing);
        var held = Assert.Single(await other.Claims.Claim(TestNode.Notes, CancellationToken.None));
        Assert.Equal((1, false), (held.Counted, held.IsSuspect));
    }

    [Fact]
    public async Task When_the_hosts_time_is_up_it_is_still_given_back()
    {
        var pause = new Pause();
        await using var node = await Node(async (_, _, _, ct) =>
        {
            await pause.Here();
            ct.ThrowIfCancellationRequested();
        });
        await node.Send(new Note(1));
        await node.Run(typeof(MessageWorkers));
        await pause.Reached;

        var workers = node.Get<MessageWorkers>();
        node.Get<Draining>().CutShort();
        await workers.StopAsync(new CancellationToken(canceled: true));
        pause.GoOn();

        await using var other = await Node(TestNode.DoNothing);
        Assert.Equal(1, Assert.Single(await other.Claims.Claim(TestNode.Notes, CancellationToken.None)).Counted);
    }

    [Fact]
    public async Task When_the_hosts_time_is_up_what_is_in_hand_is_still_finished()
    {
        var pause = new Pause();
        await using var node = await Node(async (numbers, texts, session, ct) =>
        {
            await pause.Here();
            await LeaveRow(numbers, texts, session, ct);
        });
        await node.Send(new Note(1));
        await node.Run(typeof(MessageWorkers));
        await pause.Reached;

        var stopping = node.Get<MessageWorkers>().StopAsync(new CancellationToken(canceled: true));
        pause.GoOn();
        await stopping;

        Assert.Equal(1, await Handled());
    }

    [Fact]
    public async Task Stopping_from_two_sides_is_one_stop_even_behind_its_disposal()
    {
        var node = await (await Node(TestNode.DoNothing)).Run(typeof(MessageWorkers));
        var (workers, draining) = (node.Get<MessageWorkers>(), node.Get<Draining>());
        await node.DisposeAsync();

        await workers.StopAsync(CancellationToken.None);

        Assert.True(draining.Begun.IsCancellationRequested);
        Assert.False(draining.Over.IsCancellationRequested);
    }

    [Fact]
    public async Task Workers_and_listener_survive_a_database_that_cuts_every_connection()
    {
        await using var sender = await (await Node(TestNode.DoNothing)).Run(typeof(WakeUp));
        await using var node = await (await Node(LeaveRow)).Run();
        await SendThroughCuts(sender, 1);
        await tally.Distinct(1);
        for (var number = 2; number <= 5; number++)
        {
            await Cut();
            await SendThroughCuts(sender, number);
        }

        await tally.Distinct(5);
        await node.Stop();
        await FinishWhatBacksOff();

        Assert.Equal(5, await database.Value<long>("select count(distinct number) from handled"));
        Assert.Equal(5, await Handled());
    }

    [Fact]
    public async Task A_back_off_shorter_than_the_poll_is_met()
    {
        var failed = false;
        await using var node = await Node((numbers, texts, _, _) =>
        {
            tally.Add(numbers, texts);
            if (failed) return Task.CompletedTask;
            failed = true;
            throw new TimeoutException();
        }, TestNode.Notes with { BackOff = TimeSpan.FromMilliseconds(20) });
        await node.Run();
        await node.Send(new Note(1));

        await tally.Count(2);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private Task<TestNode> Node(Script script, params QueueOptions[] queues) => TestNode.On(database, clock: null, script, queues);

    private async Task LeaveRow(IReadOnlyList<int> numbers, IReadOnlyList<string> texts, ISession session, CancellationToken ct)
    {
        await TestNode.Leave(session, numbers, ct);
        tally.Add(numbers, texts);
    }

    private async Task FinishWhatBacksOff()
    {
        await using var later = await TestNode.On(database, new FakeTimeProvider(TestNode.Start.AddYears(50)), LeaveRow);
        await later.Drain();
    }

    private Task<long> Handled() => database.Value<long>("select count(*) from handled");

    private Task Cut() => database.Execute(
        $"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{database.Schema}' and pid <> pg_backend_pid()");

    // A pool hands out cut connections until it has noticed; what the product's edge would retry or answer 503, the spec retries.
    private static async Task SendThroughCuts(TestNode node, int number)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await node.Send(new Note(number), $"key-{number}");
                return;
            }
            catch (NpgsqlException) when (attempt < 30)
            {
                // the next connection may be a new one
            }
        }
    }
}
