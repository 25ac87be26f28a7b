using MassMessaging.Kernel;
using MassMessaging.Kernel.Messages;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed class FailureSpecs(TestCluster cluster) : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(TestNode.Start);
    private readonly Tally tally = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Create(cluster);

    [Fact]
    public async Task A_failed_message_backs_off_and_is_tried_again()
    {
        var isBroken = true;
        await using var node = await Node((_, _) => isBroken ? throw new InvalidOperationException() : Task.CompletedTask);
        await node.Send(new Note(1));
        await node.Drain();
        await node.Drain();
        Assert.Equal([1], tally.Numbers);

        isBroken = false;
        clock.Advance(TestNode.Notes.BackOff);
        await node.Drain();
        Assert.Equal([1, 1], tally.Numbers);
        Assert.Equal(0, await database.Value<long>("select count(*) from message"));
    }

    [Fact]
    public async Task Spent_attempts_make_a_dead_letter_without_what_the_error_said_about_people()
    {
        await using var node = await Node((_, _) => throw new InvalidOperationException("Ana Gómez +52 1 55"), maxAttempts: 3);
        await node.Send(new Note(7), "key");
        await DrainBackOffs(node, 5);

        var letter = Assert.Single(await List(node));
        Assert.Equal(
            ("notes", "note", "key", 3, "InvalidOperationException"),
            (letter.Queue, letter.Type, letter.Key, letter.Attempts, letter.Error));
        Assert.Equal([7, 7, 7], tally.Numbers);
    }

    [Fact]
    public async Task A_dead_letter_replayed_has_all_its_attempts_again()
    {
        var isBroken = true;
        await using var node = await Node((_, _) => isBroken ? throw new TimeoutException() : Task.CompletedTask, maxAttempts: 2);
        await node.Send(new Note(1));
        await DrainBackOffs(node, 3);
        var letter = Assert.Single(await List(node));

        Assert.Equal(1, await node.Get<DeadLetters>().Replay([letter.Id], CancellationToken.None));
        await node.Drain();
        isBroken = false;
        await DrainBackOffs(node, 1);

        Assert.Equal(4, tally.Numbers.Count);
        Assert.Empty(await List(node));
    }

    [Fact]
    public async Task A_replayed_key_gives_way_to_the_message_that_waits_under_it()
    {
        var isBroken = true;
        await using var node = await Node((_, _) => isBroken ? throw new TimeoutException() : Task.CompletedTask, maxAttempts: 1);
        await node.Send(new Note(1, "old"), "key");
        await node.Drain();
        await node.Send(new Note(1, "older than new"), "key");
        await node.Drain();
        isBroken = false;
        await node.Send(new Note(1, "new"), "key");

        var letters = await List(node);
        Assert.Equal(2, await node.Get<DeadLetters>().Replay([.. letters.Select(letter => letter.Id)], CancellationToken.None));
        await node.Drain();

        Assert.Equal(["old", "older than new", "new"], tally.Texts);
        Assert.Empty(await List(node));
    }

    [Fact]
    public async Task A_discarded_dead_letter_is_gone()
    {
        await using var node = await Node((_, _) => throw new TimeoutException(), maxAttempts: 1);
        await node.Send(new Note(1));
        await node.Drain();

        Assert.Equal(1, await node.Get<DeadLetters>().Discard([.. (await List(node)).Select(letter => letter.Id)], CancellationToken.None));
        Assert.Equal(0, await database.Value<long>("select count(*) from message"));
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(null, 1)]
    public async Task A_dead_letter_goes_when_its_queue_keeps_it_no_longer(int? days, int left)
    {
        var queue = TestNode.Notes with { MaxAttempts = 1, KeepDead = days is { } most ? TimeSpan.FromDays(most) : null };
        await using var node = await TestNode.On(database, clock, (_, _, _, _) => throw new TimeoutException(), queue);
        await node.Send(new Note(1));
        await node.Drain();

        clock.Advance(TimeSpan.FromDays(7));
        await node.Get<LeaseKeeper>().Sweep(CancellationToken.None);
        Assert.Single(await List(node));

        clock.Advance(TimeSpan.FromHours(1));
        await node.Get<LeaseKeeper>().Sweep(CancellationToken.None);
        Assert.Equal(left, (await List(node)).Count);
    }

    [Fact]
    public async Task One_poisoned_message_spoils_only_itself()
    {
        await using var node = await TestNode.On(
            database, clock,
            async (numbers, _, session, ct) =>
            {
                await TestNode.Leave(session, numbers, ct);
                if (numbers.Contains(13)) throw new InvalidOperationException();
            },
            TestNode.Notes with { BatchSize = 50, MaxAttempts = 1 });
        await node.Send([.. Enumerable.Range(1, 50).Select(number => new Outgoing(new Note(number), null, null))]);

        await node.Drain();

        Assert.Equal(49, await database.Value<long>("select count(distinct number) from handled"));
        Assert.Equal(49, await database.Value<long>("select count(*) from handled"));
        Assert.Contains("13", Assert.Single(await List(node)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_becomes_a_dead_letter_of_its_own()
    {
        await using var node = await Node((_, _) => Task.CompletedTask, maxAttempts: 1);
        await node.Send(new Outgoing(new Note(1), null, null), new Outgoing(new Note(2), null, null));
        await database.Execute("""update message set body = '{"number":"many"}' where body->>'number' = '1'""");

        await node.Drain();

        Assert.Equal([2], tally.Numbers);
        Assert.Equal("JsonException", Assert.Single(await List(node)).Error);
    }

    [Fact]
    public async Task A_conflict_is_decided_again_at_once_and_is_no_failure()
    {
        var conflicts = 3;
        await using var node = await Node(
            (_, _) => conflicts-- > 0 ? throw new ConcurrencyException("moved") : Task.CompletedTask, maxAttempts: 1);
        await node.Send(new Note(1));
        await node.Drain();

        Assert.Equal(4, tally.Numbers.Count);
        Assert.Equal(0, await database.Value<long>("select count(*) from message"));
    }

    [Fact]
    public async Task A_keyed_message_sent_again_during_its_last_attempt_starts_over_instead_of_dying_with_it()
    {
        TestNode node = null!;
        node = await Node(async (_, texts) =>
        {
            if (texts[0] != "old") return;
            await node.Send(new Note(1, "new"), "key");
            throw new TimeoutException();
        }, maxAttempts: 1);
        await using var disposed = node;
        await node.Send(new Note(1, "old"), "key");
        await node.Drain();

        Assert.Equal(["old", "new"], tally.Texts);
        Assert.Empty(await List(node));
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private Task<TestNode> Node(Func<IReadOnlyList<int>, IReadOnlyList<string>, Task> handle, int maxAttempts = 10) => TestNode.On(
        database, clock,
        (numbers, texts, _, _) =>
        {
            tally.Add(numbers, texts);
            return handle(numbers, texts);
        },
        TestNode.Notes with { MaxAttempts = maxAttempts });

    private async Task DrainBackOffs(TestNode node, int times)
    {
        for (var time = 0; time < times; time++)
        {
            await node.Drain();
            clock.Advance(TestNode.Notes.MaxBackOff);
        }

        await node.Drain();
    }

    private static Task<IReadOnlyList<DeadLetter>> List(TestNode node) => node.Get<DeadLetters>().List(10, 0, CancellationToken.None);
}
