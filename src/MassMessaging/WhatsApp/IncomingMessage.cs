namespace MassMessaging.WhatsApp;

/// <summary>
/// Somebody wrote to the advisor's number. May repeat, be late, and come out of order: <paramref name="GatewayMessageId"/> tells repeats.
/// </summary>
/// <param name="Profile">Whose number it was written to.</param>
/// <param name="Instance">The instance that the webhook was for.</param>
/// <param name="From">
/// + and the digits as WhatsApp spells them, which may be another spelling than the client's (Mexico, Argentina, Brazil): bring it to the
/// canonical one first. Null where the gateway shows no phone.
/// </param>
/// <param name="Text">What they wrote, pressed or captioned; empty for what has no words (a picture, a sticker).</param>
/// <param name="QuotedId">The gateway's id of the message that they answer.</param>
/// <param name="At">When they wrote it, as the gateway says; never later than it reached us.</param>
/// <param name="Alias">What the gateway calls the person instead of or beside the phone: WhatsApp's <c>…@lid</c>, Meta's user id.</param>
public sealed record IncomingMessage(
    Guid Profile, string Instance, string GatewayMessageId, string? From, string Text, string? QuotedId, DateTimeOffset At,
    string? Alias = null);

/// <summary>Who wants to know of incoming messages registers one; WhatsApp knows no campaign.</summary>
public interface IIncomingSubscriber
{
    /// <summary>
    /// Called inside the session that completes the webhooks, after the receipts: what is written there commits with them.
    /// </summary>
    Task Receive(IReadOnlyList<IncomingMessage> messages, ISession session, CancellationToken ct);
}
