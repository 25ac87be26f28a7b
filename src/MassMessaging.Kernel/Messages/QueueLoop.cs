using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace MassMessaging.Kernel.Messages;

/// <summary>One queue on this node: claims while a worker is free, hands each batch to one.</summary>
internal sealed class QueueLoop(
    QueueOptions queue, TimeSpan poll, Claims claims, NextBatch next, WakeUp wakeUp, TimeProvider clock, ILogger log)
{
    private bool isReadable = true;
    private long? partBegun;

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
                await Gather(stop);
                await free.WaitAsync(stop);
                if (!stop.IsCancellationRequested && await Find(abandon) is { } batch) // the worker that ends may be faster than what is cancelled
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

    // The machine's own time: it spares commits, and says nothing about when messages are due.
    private async Task Gather(CancellationToken stop)
    {
        if (partBegun is not { } begun || queue.Gather - Stopwatch.GetElapsedTime(begun) is not { Ticks: > 0 } rest) return;

        await Task.Delay(rest, stop);
    }

    private async Task<FoundBatch?> Find(CancellationToken ct)
    {
        try
        {
            var begun = Stopwatch.GetTimestamp();
            var batch = await next.Find(queue, ct);
            isReadable = true;
            if (batch is not null) partBegun = batch.Messages < queue.BatchSize ? begun : null;
            return batch;
        }
        catch (Exception e) when (!ct.IsCancellationRequested) // The database is away: the poll tries again.
        {
            var level = isReadable ? LogLevel.Warning : LogLevel.Debug;
            isReadable = false;
            log.Log(level, "Queue {Queue} could not be read ({Reason})", queue.Name, Settlement.Reason(e));
            return null;
        }
    }

    private async Task Work(FoundBatch batch, SemaphoreSlim free, WakeSignal signal, CancellationToken ct)
    {
        KernelMeter.Works(queue, 1);
        try
        {
            if (await batch.Handle(ct)) signal.Raise();
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
        DateTimeOffset? due = null;
        try
        {
            due = await claims.NextDue(queue, poll, ct);
        }
        catch (Exception) when (!ct.IsCancellationRequested) // The database is away: the poll is enough.
        {
        }

        var rest = due - clock.GetUtcNow() ?? Timeout.InfiniteTimeSpan;
        if (due is not null && rest < TimeSpan.Zero) return;

        await using var timer = clock.CreateTimer(_ => signal.Raise(), null, rest, Timeout.InfiniteTimeSpan);
        await signal.Wait(poll, ct);
    }
}
