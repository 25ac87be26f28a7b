namespace MassMessaging.WhatsApp;

/// <summary>
/// The gateway said something about a message that we sent. May repeat, be late, come out of order, or know of no message of ours.
/// </summary>
/// <param name="Instance">The instance that the webhook was for.</param>
/// <param name="GatewayMessageId">Together with the instance the only join: phones in receipts are not to be trusted.</param>
/// <param name="At">When the webhook reached us: the gateway gives no time of its own.</param>
/// <param name="Code">Why it failed, if the gateway said so.</param>
public sealed record ReceiptArrived(string Instance, string GatewayMessageId, ReceiptKind Kind, DateTimeOffset At, string? Code);

public enum ReceiptKind
{
    Delivered,
    Read,
    Failed,
}

/// <summary>Who wants to know of receipts registers one; WhatsApp knows no campaign.</summary>
public interface IReceiptSubscriber
{
    /// <summary>Called inside the session that completes the webhooks: what is written there commits with them or not at all.</summary>
    Task Receive(IReadOnlyList<ReceiptArrived> receipts, ISession session, CancellationToken ct);
}
