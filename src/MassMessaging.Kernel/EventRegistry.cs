using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MassMessaging.Kernel;

/// <summary>The registered events, by record type and by wire name. Both are unique: an event belongs to one stream type.</summary>
public sealed class EventRegistry
{
    private readonly FrozenDictionary<Type, EventType> byClrType;
    private readonly FrozenDictionary<string, StoredEvent> byStoredName;
    private readonly FrozenSet<string> streamTypes;

    internal EventRegistry(IReadOnlyList<EventType> events)
    {
        var stored = events.SelectMany(@event => Enumerable.Range(1, @event.Version), (@event, version) => new StoredEvent(@event, version)).ToList();
        var twice = stored.GroupBy(one => one.Name).FirstOrDefault(group => group.Count() > 1)?.Key
            ?? events.GroupBy(@event => @event.ClrType).FirstOrDefault(group => group.Count() > 1)?.Key.FullName;
        if (twice is not null) throw new InvalidOperationException($"Event {twice} is registered twice.");

        Events = events;
        byClrType = events.ToFrozenDictionary(@event => @event.ClrType);
        byStoredName = stored.ToFrozenDictionary(one => one.Name, StringComparer.Ordinal);
        streamTypes = events.Select(@event => @event.StreamType).ToFrozenSet();
    }

    public IReadOnlyList<EventType> Events { get; }

    internal EventType Of(object @event) => byClrType.TryGetValue(@event.GetType(), out var type)
        ? type
        : throw new InvalidOperationException($"Event {@event.GetType()} is not registered with any stream.");

    /// <summary>An event as some version of the program wrote it.</summary>
    /// <param name="storedName"><c>mt_events.type</c>.</param>
    /// <exception cref="JsonException">The text is not that event.</exception>
    /// <exception cref="KeyNotFoundException">No event was ever stored under that name.</exception>
    public object Read(string storedName, string json) => byStoredName[storedName].Read(Encoding.UTF8.GetBytes(json));

    /// <summary>An event of the log.</summary>
    /// <exception cref="UnreadableEventException">The type is not registered, or its JSON does not fit.</exception>
    internal object Read(long seq, string storedName, byte[] json)
    {
        var type = Named(storedName) ?? throw new UnreadableEventException($"Event {seq} has the unknown type {storedName}.");
        try
        {
            return type.Read(json);
        }
        catch (Exception failure) // An upcaster may throw what it likes.
        {
            throw new UnreadableEventException($"Event {seq} of type {storedName} cannot be read: {failure.Message}", failure);
        }
    }

    internal StoredEvent? Named(string storedName) => byStoredName.GetValueOrDefault(storedName);

    internal StoredEvent? Named(ReadOnlySpan<char> storedName) =>
        byStoredName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(storedName, out var stored) ? stored : null;

    internal bool HasStreamType(string? streamType) => streamType is not null && streamTypes.Contains(streamType);
}

/// <summary>What stands in <c>mt_events.type</c>: an event in one of its versions.</summary>
internal sealed record StoredEvent(EventType Type, int Version)
{
    public string Name { get; } = Type.NameOf(Version);

    /// <exception cref="JsonException">The text is not that event.</exception>
    public object Read(ReadOnlySpan<byte> json)
    {
        if (Version == Type.Version) return EventJson.Read(Type.ClrType, json);

        var older = JsonNode.Parse(json) as JsonObject ?? throw new JsonException($"{Name} is no object in the log.");
        return EventJson.Read(Type.ClrType, Type.Upcasts.Skip(Version - 1).Aggregate(older, (data, upcast) => upcast(data)));
    }
}
