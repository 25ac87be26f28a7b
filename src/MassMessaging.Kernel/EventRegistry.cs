using System.Collections.Frozen;

namespace MassMessaging.Kernel;

/// <summary>The registered events, by record type and by wire name. Both are unique: an event belongs to one stream type.</summary>
public sealed class EventRegistry
{
    private readonly FrozenDictionary<Type, EventType> byClrType;
    private readonly FrozenDictionary<string, EventType> byWireName;
    private readonly FrozenSet<string> streamTypes;

    internal EventRegistry(IReadOnlyList<EventType> events)
    {
        var twice = events.GroupBy(@event => @event.WireName).FirstOrDefault(group => group.Count() > 1)?.Key
            ?? events.GroupBy(@event => @event.ClrType).FirstOrDefault(group => group.Count() > 1)?.Key.FullName;
        if (twice is not null) throw new InvalidOperationException($"Event {twice} is registered twice.");

        Events = events;
        byClrType = events.ToFrozenDictionary(@event => @event.ClrType);
        byWireName = events.ToFrozenDictionary(@event => @event.WireName);
        streamTypes = events.Select(@event => @event.StreamType).ToFrozenSet();
    }

    public IReadOnlyList<EventType> Events { get; }

    internal EventType Of(object @event) => byClrType.TryGetValue(@event.GetType(), out var type)
        ? type
        : throw new InvalidOperationException($"Event {@event.GetType()} is not registered with any stream.");

    internal EventType? Named(string wireName) => byWireName.GetValueOrDefault(wireName);

    internal bool HasStreamType(string? streamType) => streamType is not null && streamTypes.Contains(streamType);
}
