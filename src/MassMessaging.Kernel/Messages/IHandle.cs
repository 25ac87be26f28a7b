namespace MassMessaging.Kernel;

/// <summary>
/// Handles messages of one type. All of a batch commit with the session, which the kernel opens before and commits after: a handler never
/// commits, and never catches to retry. If a batch throws, the kernel handles its messages again one by one, so that one bad message
/// spoils only itself.
/// </summary>
public interface IHandle<in TMessage>
{
    Task Handle(IReadOnlyList<TMessage> messages, ISession session, CancellationToken ct);
}
