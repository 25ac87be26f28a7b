using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed class KernelDrainSpecs(TestCluster cluster) : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(TestNode.Start);
    private readonly Tally tally = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Create(cluster);

    [Fact]
    public async Task It_handles_what_handlers_send_and_lets_the_views_catch_up()
    {
        var profile = Guid.CreateVersion7();
        await using var node = await TestNode.On(database, clock, (numbers, texts, session, _) =>
        {
            tally.Add(numbers, texts);
            session.Append(new(profile, Guid.CreateVersion7()), 0, new NoteTaken(numbers[0]));
            if (numbers[0] < 5) session.Send(new Note(numbers[0] + 1));
            return Task.CompletedTask;
        });
        await node.Send(new Note(1));
        await node.Drain();

        Assert.Equal([1, 2, 3, 4, 5], tally.Numbers);
        Assert.Equal(5, await database.Value<long>("select notes from notes_taken"));
    }

    [Fact]
    public async Task It_waits_for_what_the_daemons_hold()
    {
        var pause = new Pause();
        await using var node = await TestNode.On(database, clock, async (numbers, texts, _, _) =>
        {
            await pause.Here();
            tally.Add(numbers, texts);
        });
        await node.Run();
        await node.Send(new Note(1));
        await pause.Reached;

        var draining = node.Drain();
        Assert.False(draining.IsCompleted);
        pause.GoOn();
        await draining;
        Assert.Equal([1], tally.Numbers);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
