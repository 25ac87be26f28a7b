namespace MassMessaging.Kernel;

/// <summary>What a session will append: per stream the version decided on, and all events in the order they were appended.</summary>
internal sealed class PendingEvents(EventRegistry registry)
{
    private readonly Dictionary<StreamKey, PendingStream> streams = [];
    private readonly List<PendingEvent> events = [];
    private readonly Dictionary<StreamKey, string> traces = [];

    public IReadOnlyList<PendingEvent> Events => events;

    /// <summary>In key order: the order in which every session locks.</summary>
    public IReadOnlyList<PendingStream> Streams => [.. streams.Values.OrderBy(stream => stream.Key)];

    public void Append(StreamKey key, long expectedVersion, IReadOnlyList<object> appended)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        if (appended.Count == 0) return;

        var type = registry.Of(appended[0]).StreamType;
        var stream = streams.GetValueOrDefault(key) ?? new PendingStream(key, type, expectedVersion, expectedVersion);
        if (stream.NewVersion != expectedVersion)
            throw new InvalidOperationException($"Stream {key.Id} is at version {stream.NewVersion} in this session, not at {expectedVersion}.");

        foreach (var @event in appended)
        {
            var eventType = registry.Of(@event);
            if (eventType.StreamType != stream.Type)
                throw new InvalidOperationException($"A {stream.Type} stream does not hold {eventType.WireName} of {eventType.StreamType}.");
            stream = stream with { NewVersion = stream.NewVersion + 1 };
            events.Add(new PendingEvent(key, stream.NewVersion, eventType, @event));
        }

        streams[key] = stream;
    }

    public void Trace(StreamKey key, string? traceParent)
    {
        if (traceParent is not null) traces[key] = traceParent;
    }

    /// <summary>
    /// One an event, or null when there is none at all. What a flow does for one chain is of its trace; what it does for many is not, and
    /// an event without a trace goes on with its stream's, as with its correlation.
    /// </summary>
    public string?[]? Traces(Origin origin, IReadOnlyDictionary<StreamKey, LastEvent> held)
    {
        var isMany = origin.CorrelationId is null;
        var own = isMany ? null : Kernel.Traces.Current;
        string?[] all = [.. events.Select(@event =>
            traces.GetValueOrDefault(@event.Stream) ?? (isMany ? held.GetValueOrDefault(@event.Stream).Trace : own))];
        return System.Array.TrueForAll(all, trace => trace is null) ? null : all;
    }

    /// <summary>As inline views see them: not numbered yet.</summary>
    public IReadOnlyList<RecordedEvent> Recorded(Origin origin, DateTimeOffset now) =>
        [.. events.Select(@event => new RecordedEvent(
            Seq: 0, @event.Stream, @event.Version, @event.Data, now, origin.Actor, origin.CorrelationId, origin.CausationId))];

    /// <summary>A fold sees what its own session has appended so far.</summary>
    public IEnumerable<object> Of(StreamKey key) =>
        streams.ContainsKey(key) ? events.Where(@event => @event.Stream == key).Select(@event => @event.Data) : [];
}

internal sealed record PendingStream(StreamKey Key, string Type, long ExpectedVersion, long NewVersion);

internal sealed record PendingEvent(StreamKey Stream, long Version, EventType Type, object Data);
