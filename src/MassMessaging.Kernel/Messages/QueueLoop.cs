using Microsoft.Extensions.Logging;

namespace MassMessaging.Kernel.Messages;

/// <summary>One queue on this node: claims while a worker is free, hands each batch to one.</summary>
internal sealed class QueueLoop(
    QueueOptions queue, TimeSpan poll, Claims claims, Handling handling, WakeUp wakeUp, TimeProvider clock, ILogger log)
{
    private bool isReadable = true;

    /// <param name="stop">Claim no more, finish what is in hand.</param>
    /// <param name="abandon">Leave what is in hand. A claim is never cut off by <paramref name="stop"/>: its answer would be lost, its
    /// lease not.</param>
    public async Task Run(CancellationToken stop, CancellationToken abandon)
    {
        using var signal = wakeUp.Subscribe(queue.Name);
        using var free = new SemaphoreSlim(queue.Workers);
        try
        {
            while (true)
            {
                await free.WaitAsync(stop);
                var batch = await Claim(abandon);
                if (batch.Count > 0)
                {
                    _ = Work(batch, free, signal, abandon);
                    continue;
                }

                free.Release();
                await Wait(signal, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || abandon.IsCancellationRequested)
        {
            for (var worker = 0; worker < queue.Workers; worker++) await free.WaitAsync(CancellationToken.None);
        }
    }

    private async Task<IReadOnlyList<Held>> Claim(CancellationToken ct)
    {
        try
        {
            var batch = await claims.Claim(queue, ct);
            isReadable = true;
            return batch;
        }
        catch (Exception e) when (!ct.IsCancellationRequested) // The database is away: the poll tries again.
        {
            var level = isReadable ? LogLevel.Warning : LogLevel.Debug;
            isReadable = false;
            log.Log(level, "Queue {Queue} could not be read ({Reason})", queue.Name, Settlement.Reason(e));
            return [];
        }
    }

    private async Task Work(IReadOnlyList<Held> batch, SemaphoreSlim free, WakeSignal signal, CancellationToken ct)
    {
        KernelMeter.Works(queue, 1);
        try
        {
            await handling.Handle(batch, ct);
            if (batch.Any(held => held.IsOrdered)) signal.Raise(); // The next of its key can go now.
        }
        catch (Exception e) // Stopped, or a bug of ours: what is left in hand is given back at the end, or falls due by itself.
        {
            if (!ct.IsCancellationRequested) log.LogError(e, "Queue {Queue}: a batch was left unsettled", queue.Name);
        }
        finally
        {
            KernelMeter.Works(queue, -1);
            free.Release();
        }
    }

    // Back-offs and schedules shorter than the poll are met on time.
    private async Task Wait(WakeSignal signal, CancellationToken ct)
    {
        DateTimeOffset? next = null;
        try
        {
            next = await claims.NextDue(queue, poll, ct);
        }
        catch (Exception) when (!ct.IsCancellationRequested) // The database is away: the poll is enough.
        {
        }

        var rest = next - clock.GetUtcNow() ?? Timeout.InfiniteTimeSpan;
        if (next is not null && rest < TimeSpan.Zero) return;

        await using var timer = clock.CreateTimer(_ => signal.Raise(), null, rest, Timeout.InfiniteTimeSpan);
        await signal.Wait(poll, ct);
    }
}
