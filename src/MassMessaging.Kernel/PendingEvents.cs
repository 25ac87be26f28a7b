namespace MassMessaging.Kernel;

/// <summary>What a session will append: per stream the version decided on, and all events in the order they were appended.</summary>
internal sealed class PendingEvents(EventRegistry registry)
{
    private readonly Dictionary<StreamKey, PendingStream> streams = [];
    private readonly List<PendingEvent> events = [];

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
