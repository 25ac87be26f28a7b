using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Replies;

/// <summary>
/// Somebody wrote to the advisor's number. Handled in a session of its own, not in the one that reads the webhooks: an opt-out locks the
/// client, and receipts hold members by then.
/// </summary>
public sealed record ReplyArrived(IncomingMessage Message);

public sealed class QueueReplies : IIncomingSubscriber
{
    public Task Receive(IReadOnlyList<IncomingMessage> messages, ISession session, CancellationToken ct)
    {
        foreach (var message in messages) session.Send(new ReplyArrived(message), $"{message.Instance}/{message.GatewayMessageId}");
        return Task.CompletedTask;
    }
}
