using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed class OutboxSpecs(TestCluster cluster) : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(TestNode.Start);
    private readonly Tally tally = new();
    private TestDatabase database = null!;
    private TestNode node = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(cluster);
        node = await TestNode.On(database, clock, Record, TestNode.Notes with { BatchSize = 500 });
    }

    [Fact]
    public async Task A_session_that_rolls_back_leaves_no_message()
    {
        await using (var session = node.Store.Open(Origin.System))
        {
            session.Send(new Note(1));
            await session.Sql("insert into handled values (1)", CancellationToken.None);
        }

        Assert.Equal(0, await Count());
    }

    [Fact]
    public async Task A_refused_commit_leaves_no_message()
    {
        var stream = new StreamKey(Guid.CreateVersion7(), Guid.CreateVersion7());
        await Append(stream);
        await using var late = node.Store.Open(Origin.System);
        late.Append(stream, 0, new NoteTaken(1));
        late.Send(new Note(1));

        await Assert.ThrowsAsync<ConcurrencyException>(() => late.Commit(CancellationToken.None));
        Assert.Equal(0, await Count());
    }

    [Fact]
    public async Task Messages_leave_with_the_commit_in_the_order_sent()
    {
        await node.Send([.. Enumerable.Range(1, 100).Select(number => new Outgoing(new Note(number), null, null))]);
        await node.Drain();

        Assert.Equal(Enumerable.Range(1, 100), tally.Numbers);
    }

    [Fact]
    public async Task A_keyed_message_sent_again_while_it_waits_keeps_the_later_body_and_the_earlier_time()
    {
        await node.Send(new Note(1, "first"), "key", TestNode.Start.AddMinutes(5));
        await node.Send(new Note(1, "second"), "key", TestNode.Start.AddMinutes(9));

        clock.Advance(TimeSpan.FromMinutes(5));
        await node.Drain();

        Assert.Equal(["second"], tally.Texts);
    }

    [Fact]
    public async Task A_key_sent_twice_in_one_session_is_one_message()
    {
        await node.Send(
            new Outgoing(new Note(1, "first"), "key", TestNode.Start.AddMinutes(1)),
            new Outgoing(new Note(1, "second"), "key", TestNode.Start.AddMinutes(2)));

        clock.Advance(TimeSpan.FromMinutes(1));
        await node.Drain();

        Assert.Equal(["second"], tally.Texts);
    }

    [Fact]
    public async Task A_scheduled_message_is_not_early()
    {
        await node.Send(new Note(1), at: TestNode.Start.AddMinutes(1));

        clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        await node.Drain();
        Assert.Empty(tally.Numbers);

        clock.Advance(TimeSpan.FromMilliseconds(1));
        await node.Drain();
        Assert.Equal([1], tally.Numbers);
    }

    [Fact]
    public async Task Sessions_that_send_the_same_keys_in_opposite_order_do_not_deadlock()
    {
        var there = Enumerable.Range(1, 50).Select(number => new Outgoing(new Note(number), $"key-{number}", null)).ToArray();
        var back = Enumerable.Reverse(there).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(turn => node.Send(turn % 2 == 0 ? there : back)));

        Assert.Equal(50, await Count());
    }

    [Fact]
    public async Task A_message_that_nobody_registered_is_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => node.Send("not a message"));

        Assert.Contains("String", refused.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    private Task Record(IReadOnlyList<int> numbers, IReadOnlyList<string> texts, ISession session, CancellationToken ct)
    {
        tally.Add(numbers, texts);
        return Task.CompletedTask;
    }

    private async Task Append(StreamKey stream)
    {
        await using var session = node.Store.Open(Origin.System);
        session.Append(stream, 0, new NoteTaken(1));
        await session.Commit(CancellationToken.None);
    }

    private Task<long> Count() => database.Value<long>("select count(*) from message");
}
