using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassMessaging.Kernel.Messages;

/// <summary>
/// All queues of this node. Stopping drains: no more claims, what is in hand is finished within a limit, the rest given back. The limits
/// are its own: what stopped before may have used up the host's time, and what is not given back waits for its lease.
/// </summary>
internal sealed class MessageWorkers(
    MessageRegistry registry, Claims claims, Handling handling, Settlement settlement, InHand inHand, WakeUp wakeUp,
    KernelOptions options, TimeProvider clock, ILogger<MessageWorkers> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan GiveBackLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource abandon = new();
    private Task loops = Task.CompletedTask;

    /// <summary>Containers are killed 10 s after SIGTERM: there must be time left to give back.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(6);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        loops = Task.WhenAll(registry.Queues.Select(queue => Task.Run(
            () => new QueueLoop(queue, options.Poll, claims, handling, wakeUp, clock, log).Run(stop.Token, abandon.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await loops.WaitAsync(DrainLimit, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await abandon.CancelAsync();
        var left = inHand.All;
        if (left.Count == 0) return;

        log.LogInformation("Giving {Count} messages back", left.Count);
        using var limit = new CancellationTokenSource(GiveBackLimit);
        await settlement.GiveBack(left, TimeSpan.Zero, limit.Token).WaitAsync(limit.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        wakeUp.Raise(left.Select(held => held.Queue.Name).Distinct(StringComparer.Ordinal));
    }

    public void Dispose()
    {
        stop.Dispose();
        abandon.Dispose();
    }
}
