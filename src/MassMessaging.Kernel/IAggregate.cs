namespace MassMessaging.Kernel;

/// <summary>State folded from one stream, holding only what decisions read.</summary>
/// <typeparam name="TSelf">The state itself: an immutable record.</typeparam>
public interface IAggregate<TSelf>
    where TSelf : IAggregate<TSelf>
{
    /// <summary>The state of a stream that has no events.</summary>
    static abstract TSelf Initial { get; }

    /// <summary>Pure and total: an event that does not matter to the state returns it unchanged.</summary>
    static abstract TSelf Evolve(TSelf state, object @event);
}
