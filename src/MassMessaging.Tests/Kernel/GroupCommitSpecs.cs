using System.Collections.Concurrent;
using MassMessaging.Kernel;
using MassMessaging.Tests.Kernel.Messages;

namespace MassMessaging.Tests.Kernel;

public sealed class GroupCommitSpecs
{
    private static readonly TimeSpan NoLinger = TimeSpan.Zero;

    private readonly ConcurrentQueue<IReadOnlyList<int>> batches = new();

    [Fact]
    public async Task An_idle_one_writes_at_once()
    {
        var commit = Gathering(most: 100, linger: TimeSpan.FromHours(1));

        await commit.Write(1, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal([1], Assert.Single(batches));
    }

    [Fact]
    public async Task What_arrives_during_a_batch_is_the_next_batch()
    {
        var pause = new Pause();
        var commit = new GroupCommit<int>(100, NoLinger, async (items, _) =>
        {
            batches.Enqueue(items);
            if (items.Contains(1)) await pause.Here();
        });
        var first = commit.Write(1, CancellationToken.None);
        await pause.Reached;
        var others = Enumerable.Range(2, 50).Select(item => commit.Write(item, CancellationToken.None)).ToArray();
        pause.GoOn();
        await Task.WhenAll([first, .. others]);

        Assert.Equal([[1], [.. Enumerable.Range(2, 50)]], batches);
    }

    [Fact]
    public async Task No_batch_is_larger_than_the_most_and_every_item_is_written_once()
    {
        var commit = Gathering(most: 7, linger: TimeSpan.FromMilliseconds(1));

        await Task.WhenAll(Enumerable.Range(1, 500).Select(item => Task.Run(() => commit.Write(item, CancellationToken.None))));

        Assert.All(batches, batch => Assert.InRange(batch.Count, 1, 7));
        Assert.Equal(Enumerable.Range(1, 500), batches.SelectMany(batch => batch).Order());
    }

    [Fact]
    public async Task A_full_batch_does_not_linger()
    {
        var commit = Gathering(most: 3, linger: TimeSpan.FromHours(1));
        await commit.Write(0, CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(1, 3).Select(item => commit.Write(item, CancellationToken.None)))
            .WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(2, batches.Count);
    }

    [Fact]
    public async Task What_a_batch_throws_its_items_throw_and_no_others()
    {
        var pause = new Pause();
        var commit = new GroupCommit<int>(100, NoLinger, async (items, _) =>
        {
            if (items.Contains(1)) await pause.Here();
            if (items.Contains(2)) throw new TimeoutException();
        });
        var first = commit.Write(1, CancellationToken.None);
        await pause.Reached;
        var second = commit.Write(2, CancellationToken.None);
        var third = commit.Write(3, CancellationToken.None);
        pause.GoOn();

        await first;
        await Assert.ThrowsAsync<TimeoutException>(() => second);
        await Assert.ThrowsAsync<TimeoutException>(() => third);
        await commit.Write(4, CancellationToken.None);
    }

    [Fact]
    public async Task A_waiting_item_that_is_cancelled_is_not_written()
    {
        using var cancel = new CancellationTokenSource();
        var pause = new Pause();
        var commit = new GroupCommit<int>(100, NoLinger, async (items, _) =>
        {
            batches.Enqueue(items);
            if (items.Contains(1)) await pause.Here();
        });
        var first = commit.Write(1, CancellationToken.None);
        await pause.Reached;
        var second = commit.Write(2, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        pause.GoOn();
        await first;
        await commit.Write(3, CancellationToken.None);

        Assert.Equal([1, 3], batches.SelectMany(batch => batch));
    }

    private GroupCommit<int> Gathering(int most, TimeSpan linger) => new(most, linger, (items, _) =>
    {
        batches.Enqueue(items);
        return Task.CompletedTask;
    });
}
