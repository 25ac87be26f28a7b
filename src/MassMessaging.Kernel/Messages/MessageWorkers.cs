using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassMessaging.Kernel.Messages;

/// <summary>
/// All queues of this node. Draining: no more claims, what is in hand is finished within the limit, the rest given back. That has a time of
/// its own: what is not given back waits until the node counts as dead.
/// </summary>
internal sealed class MessageWorkers(
    MessageRegistry registry, Claims claims, NextBatch next, Settlement settlement, InHand inHand, WakeUp wakeUp,
    Draining draining, KernelOptions options, TimeProvider clock, ILogger<MessageWorkers> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan GiveBackLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource abandon = new();
    private Task loops = Task.CompletedTask;
    private Task? stop;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        loops = Task.WhenAll(registry.Queues.Select(queue => Task.Run(
            () => new QueueLoop(queue, options.Poll, claims, next, wakeUp, clock, log).Run(draining.Begun, abandon.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    /// <summary>Once: who asks again, as a host does that is stopped from two sides, waits for the same end.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (abandon) return stop ??= Stop();
    }

    public void Dispose() => abandon.Dispose();

    private async Task Stop()
    {
        draining.Begin();
        await loops.WaitAsync(draining.Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await abandon.CancelAsync();
        var left = inHand.All;
        if (left.Count == 0) return;

        log.LogInformation("Giving {Count} messages back", left.Count);
        using var limit = new CancellationTokenSource(GiveBackLimit);
        await settlement.GiveBack(left, TimeSpan.Zero, limit.Token).WaitAsync(limit.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        wakeUp.Raise(left.Select(held => held.Queue.Name).Distinct(StringComparer.Ordinal));
    }
}
