namespace MassMessaging.WhatsApp;

/// <summary>
/// The gateway said something about a message that we sent. May repeat, be late, come out of order, or know of no message of ours.
/// </summary>
/// <param name="Instance">The instance that the webhook was for.</param>
/// <param name="GatewayMessageId">Together with the instance the only join: phones in receipts are not to be trusted.</param>
/// <param name="At">When it happened, as Meta says; Evolution gives no time, so there it is when the webhook reached us.</param>
/// <param name="Code">Why it failed, if the gateway said so.</param>
/// <param name="Reference">What <see cref="OutgoingMessage.Reference"/> was, where the gateway gives it back.</param>
public sealed record ReceiptArrived(
    string Instance, string GatewayMessageId, ReceiptKind Kind, DateTimeOffset At, string? Code, string? Reference = null)
{
    /// <summary>W3C trace context of the request that brought it.</summary>
    public string? Trace { get; init; }
}

public enum ReceiptKind
{
    Delivered,
    Read,
    Failed,

    /// <summary>The gateway has it: evidence for a message whose own answer was lost, no news of any other.</summary>
    Sent,
}

/// <summary>Who wants to know of receipts registers one; WhatsApp knows no campaign.</summary>
public interface IReceiptSubscriber
{
    /// <summary>Called inside the session that completes the webhooks: what is written there commits with them or not at all.</summary>
    Task Receive(IReadOnlyList<ReceiptArrived> receipts, ISession session, CancellationToken ct);
}
