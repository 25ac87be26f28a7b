using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed class QueuesSpecs(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Every_message_is_counted_once_as_what_it_is()
    {
        var clock = new FakeTimeProvider(TestNode.Start);
        await using var node = await TestNode.On(
            database, clock, (_, _, _, _) => throw new TimeoutException(), TestNode.Notes with { MaxAttempts = 1 });
        await node.Send(new Note(1));
        await node.Drain();
        await node.Send([.. Enumerable.Range(2, 3).Select(number => new Outgoing(new Note(number), null, null))]);
        await node.Send(new Note(5), at: TestNode.Start.AddHours(1));
        Assert.Single(await node.Claims.Claim(TestNode.Notes, CancellationToken.None));
        clock.Advance(TimeSpan.FromSeconds(20));

        var all = await node.Get<Queues>().Status(CancellationToken.None);

        Assert.Equal(
            [new QueueStatus("notes", 1, 2, 1, 1, TimeSpan.FromSeconds(20), 0), new QueueStatus("steps", 0, 0, 0, 0, null, 0)], all);
    }
}
