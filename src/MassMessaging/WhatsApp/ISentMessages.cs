namespace MassMessaging.WhatsApp;

/// <summary>
/// What the gateway itself keeps of the messages that it sent: asked when an answer was lost. Null is "it cannot tell just now"; an empty
/// answer proves nothing either, since a send that died before the gateway's own row leaves none.
/// </summary>
public interface ISentMessages
{
    /// <summary>Messages from this instance to one person.</summary>
    /// <param name="spellings">The person's number, digits only, in every spelling that WhatsApp may use.</param>
    Task<IReadOnlyList<SentMessage>?> Find(
        string instance, IReadOnlyList<string> spellings, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <summary>
    /// Everything that this instance sent in the time, to anybody, page by page. Ask of the past only: what is sent meanwhile would move
    /// the pages.
    /// </summary>
    /// <param name="page">From 1.</param>
    Task<SentPage?> Page(string instance, DateTimeOffset from, DateTimeOffset to, int page, CancellationToken ct);

    /// <summary>Every receipt that the gateway has of one message.</summary>
    Task<IReadOnlyList<ReceiptKind>?> Receipts(string instance, string gatewayMessageId, CancellationToken ct);
}

/// <param name="At">On the gateway's clock, to the second.</param>
public sealed record SentMessage(string GatewayMessageId, string Text, DateTimeOffset At);

/// <param name="Phone">+ and the digits as WhatsApp spells them.</param>
public sealed record SentTo(string Phone, SentMessage Message);

/// <param name="Texts">Without what has no words, or no phone.</param>
public sealed record SentPage(IReadOnlyList<SentTo> Texts, bool IsLast);
