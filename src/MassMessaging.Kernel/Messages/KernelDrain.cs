using MassMessaging.Kernel.Messages;

namespace MassMessaging.Kernel;

/// <summary>Lets every async view read what the log holds now; answers whether there was anything to read.</summary>
internal delegate Task<bool> CatchUp(CancellationToken ct);

/// <summary>Runs everything that is due now to its end, one batch after the other: what specs do instead of waiting.</summary>
public sealed class KernelDrain
{
    private readonly MessageRegistry registry;
    private readonly Claims claims;
    private readonly Handling handling;
    private readonly InHand inHand;
    private readonly CatchUp views;

    internal KernelDrain(MessageRegistry registry, Claims claims, Handling handling, InHand inHand, CatchUp views) =>
        (this.registry, this.claims, this.handling, this.inHand, this.views) = (registry, claims, handling, inHand, views);

    /// <summary>
    /// Handles every message due now, and what they send, and lets every async view catch up, until nothing is left. What failed and
    /// backs off is due later. Works with the daemons running or not; what they hold is waited for.
    /// </summary>
    public async Task Drain(CancellationToken ct)
    {
        bool hasMoved;
        do
        {
            var taken = inHand.Taken;
            foreach (var queue in registry.Queues) await DrainQueue(queue, ct);
            await inHand.WhenEmpty(ct);
            hasMoved = inHand.Taken > taken | await views(ct);
        }
        while (hasMoved);
    }

    private async Task DrainQueue(QueueOptions queue, CancellationToken ct)
    {
        while (await claims.Claim(queue, ct) is { Count: > 0 } batch) await handling.Handle(batch, ct);
    }
}
