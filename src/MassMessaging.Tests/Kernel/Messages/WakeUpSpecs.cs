using System.Diagnostics;
using MassMessaging.Kernel.Messages;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed class WakeUpSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Create(cluster);

    [Fact]
    public async Task A_message_sent_on_one_node_wakes_the_other_without_the_poll()
    {
        var tally = new Tally();
        await using var sender = await (await TestNode.On(database, null, TestNode.DoNothing)).Run(typeof(WakeUp));
        await using var worker = await (await TestNode.On(database, null, TimeSpan.FromHours(1), (numbers, texts, _, _) =>
        {
            tally.Add(numbers, texts);
            return Task.CompletedTask;
        })).Run();
        await Listening(sender, worker);

        for (var number = 1; number <= 21; number++)
        {
            await sender.Send(new Note(number));
            await tally.Count(number);
        }
    }

    [Fact]
    public async Task Many_raises_leave_as_few_notifications()
    {
        await using var sender = await (await TestNode.On(database, null, TestNode.DoNothing)).Run(typeof(WakeUp));
        await using var other = await (await TestNode.On(database, null, TestNode.DoNothing)).Run(typeof(WakeUp));
        await Listening(sender, other);
        using var signal = other.Get<WakeUp>().Subscribe("topic");
        var heard = 0;
        var raised = 0;
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(300))
        {
            sender.Get<WakeUp>().Raise("topic");
            raised++;
            if (await signal.Wait(TimeSpan.FromMilliseconds(1), CancellationToken.None)) heard++;
        }

        Assert.True(heard > 0 || await signal.Wait(TimeSpan.FromSeconds(10), CancellationToken.None));
        Assert.True(heard <= 1 + (Stopwatch.GetElapsedTime(started) / TimeSpan.FromMilliseconds(15)), $"{heard} heard of {raised}");
    }

    [Fact]
    public async Task A_raise_is_heard_by_every_listener_of_the_topic_and_by_no_other()
    {
        await using var node = await TestNode.On(database, null, TestNode.DoNothing);
        var wakeUp = node.Get<WakeUp>();
        using var one = wakeUp.Subscribe("a");
        using var both = wakeUp.Subscribe("a", "b");
        using var other = wakeUp.Subscribe("b");

        wakeUp.Raise("a");

        Assert.True(await IsRaised(one));
        Assert.True(await IsRaised(both));
        Assert.False(await IsRaised(other));
        Assert.False(await IsRaised(one));
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static Task<bool> IsRaised(WakeSignal signal) => signal.Wait(TimeSpan.Zero, CancellationToken.None);

    /// <summary>Raises until the other node heard it, so that what follows measures a connection that is up.</summary>
    private static async Task Listening(TestNode sender, TestNode other)
    {
        using var signal = other.Get<WakeUp>().Subscribe("hello");
        for (var attempt = 0; attempt < 100; attempt++)
        {
            sender.Get<WakeUp>().Raise("hello");
            if (await signal.Wait(TimeSpan.FromMilliseconds(100), CancellationToken.None)) return;
        }

        Assert.Fail("The nodes do not hear one another.");
    }
}
