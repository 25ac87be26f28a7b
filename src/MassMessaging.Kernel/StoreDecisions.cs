namespace MassMessaging.Kernel;

/// <param name="Version">Of the stream after the decision.</param>
public sealed record Decided(Decision Outcome, long Version);

/// <summary>The one shape of a command's shell: load, decide, append, send, commit; again when another was faster.</summary>
public static class StoreDecisions
{
    private const int Attempts = 5;

    public static Task<Decided> Decide<T>(
        this IStore store, Origin origin, StreamKey stream, Func<T, Decision> decide, CancellationToken ct, long? ifVersion = null)
        where T : IAggregate<T> => store.Decide(origin, stream, decide, _ => Task.CompletedTask, ct, ifVersion);

    /// <param name="alongside">
    /// Runs SQL in the same session, for an accepted decision that has events or messages. It runs again when the decision does.
    /// </param>
    /// <param name="ifVersion">The version that the caller has seen; another one is refused as <c>precondition-failed</c>.</param>
    public static async Task<Decided> Decide<T>(
        this IStore store, Origin origin, StreamKey stream, Func<T, Decision> decide, Func<ISession, Task> alongside, CancellationToken ct,
        long? ifVersion = null)
        where T : IAggregate<T>
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Once(store, origin, stream, decide, alongside, ifVersion, ct);
            }
            catch (ConcurrencyException) when (attempt < Attempts)
            {
                // Another session advanced the stream: decide on what it has become.
            }
        }
    }

    private static async Task<Decided> Once<T>(
        IStore store, Origin origin, StreamKey stream, Func<T, Decision> decide, Func<ISession, Task> alongside, long? ifVersion, CancellationToken ct)
        where T : IAggregate<T>
    {
        await using var session = store.Open(origin);
        var current = await session.FetchForWriting<T>(stream, ct);
        if (ifVersion is { } seen && seen != current.Version)
            return new Decided(Decision.Refuse("precondition-failed", "It was changed since it was read."), current.Version);

        var outcome = decide(current.State);
        if (outcome is not Decision.Accepted accepted || (accepted.Events.Count == 0 && accepted.Messages.Count == 0))
            return new Decided(outcome, current.Version);

        session.Append(stream, current.Version, accepted.Events);
        foreach (var message in accepted.Messages) session.Send(message.Message, message.Key, message.At);
        await alongside(session);
        await session.Commit(ct);
        return new Decided(outcome, current.Version + accepted.Events.Count);
    }
}
