using MassMessaging.Kernel.Messages;

namespace MassMessaging.Kernel;

/// <summary>Runs everything that is due now to its end, one batch after the other: what specs do instead of waiting.</summary>
public sealed class KernelDrain
{
    private readonly MessageRegistry registry;
    private readonly NextBatch next;
    private readonly InHand inHand;
    private readonly Views views;
    private readonly ViewRebuild rebuild;

    internal KernelDrain(MessageRegistry registry, NextBatch next, InHand inHand, Views views, ViewRebuild rebuild) =>
        (this.registry, this.next, this.inHand, this.views, this.rebuild) = (registry, next, inHand, views, rebuild);

    /// <summary>
    /// Handles every message due now, and what they send, does the rebuilds asked for, and lets every async view catch up, until nothing is left. What failed and
    /// backs off is due later. Works with the daemons running or not; what they hold is waited for.
    /// </summary>
    public async Task Drain(CancellationToken ct)
    {
        long taken;
        do
        {
            taken = inHand.Taken;
            foreach (var queue in registry.Queues) await DrainQueue(queue, ct);
            await inHand.WhenEmpty(ct);
        }
        while (inHand.Taken > taken);

        while (await rebuild.RunPending(ct))
        {
        }

        await views.CatchUp(ct); // Last: views send nothing.
    }

    private async Task DrainQueue(QueueOptions queue, CancellationToken ct)
    {
        while (await next.Find(queue, ct) is { } batch) await batch.Handle(ct);
    }
}
