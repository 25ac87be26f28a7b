using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;

namespace MassMessaging.Kernel;

/// <summary>
/// Where features say what they bring: streams and their events, queues, messages, views, migrations. Nothing is scanned.
/// </summary>
public sealed class KernelBuilder
{
    private readonly List<EventType> events = [];
    private readonly List<QueueOptions> queues = [];
    private readonly List<MessageType> messages = [];
    private readonly List<ViewType> views = [];
    private readonly List<GaugeQuery> gauges = [];
    private readonly List<Assembly> migrations = [typeof(KernelBuilder).Assembly];

    internal IReadOnlyList<EventType> Events => events;

    internal IReadOnlyList<QueueOptions> Queues => queues;

    internal IReadOnlyList<MessageType> Messages => messages;

    internal IReadOnlyList<ViewType> Views => views;

    internal IReadOnlyList<GaugeQuery> Gauges => gauges;

    internal IReadOnlyList<Assembly> MigrationAssemblies => migrations;

    /// <summary>Registers a stream type (<c>mt_streams.type</c>) with the events that it may hold.</summary>
    public KernelBuilder Stream(string streamType, Action<StreamEvents> declare)
    {
        declare(new StreamEvents(streamType, events));
        return this;
    }

    public KernelBuilder Queue(QueueOptions queue)
    {
        queues.Add(queue);
        return this;
    }

    /// <summary>
    /// Registers a message with its frozen wire name, its queue and its one handler (resolved from the service provider).
    /// </summary>
    public KernelBuilder Message<TMessage, THandler>(string wireName, string queue, MessageOrder order = MessageOrder.Unique)
        where TMessage : class
        where THandler : class, IHandle<TMessage>
    {
        messages.Add(new MessageType(
            typeof(TMessage), wireName, queue, order, typeof(THandler),
            (handler, bodies, session, ct) => ((IHandle<TMessage>)handler).Handle([.. bodies.Cast<TMessage>()], session, ct)));
        return this;
    }

    /// <summary>An inline view commits with the events; an async one follows the log.</summary>
    public KernelBuilder RowView<TRow>(ViewMode mode)
        where TRow : class, IRowView<TRow>
    {
        views.Add(ViewType.Row<TRow>(mode));
        return this;
    }

    public KernelBuilder SumView<TRow>()
        where TRow : class, ISumView<TRow>
    {
        views.Add(ViewType.Sum<TRow>());
        return this;
    }

    public KernelBuilder ChainView<TRow>()
        where TRow : class, IChainView<TRow>
    {
        views.Add(ViewType.Chain<TRow>());
        return this;
    }

    /// <summary>What a feature has monitoring watch of its tables.</summary>
    public KernelBuilder Gauge(GaugeQuery query)
    {
        gauges.Add(query);
        return this;
    }

    /// <summary>Adds the assembly's embedded <c>Migrations/*.sql</c>; all assemblies' files run once each, ordered by file name.</summary>
    public KernelBuilder Migrations(Assembly assembly)
    {
        migrations.Add(assembly);
        return this;
    }
}

/// <summary>The events that one stream type may hold.</summary>
public sealed class StreamEvents(string streamType, List<EventType> events)
{
    /// <param name="wireName">Frozen snake_case name in the log (<c>mt_events.type</c>).</param>
    /// <param name="upcasts">One a change of its shape, oldest first: the first lifts version 1 to 2.</param>
    public StreamEvents Event<TEvent>(string wireName, params IReadOnlyList<Upcast> upcasts)
        where TEvent : class
    {
        events.Add(new EventType(typeof(TEvent), wireName, streamType) { Upcasts = upcasts });
        return this;
    }
}

/// <summary>Lifts an event's JSON to the next version, from itself alone: no clock, no look-up.</summary>
public delegate JsonObject Upcast(JsonObject older);

public sealed record EventType(Type ClrType, string WireName, string StreamType)
{
    public IReadOnlyList<Upcast> Upcasts { get; init; } = [];

    /// <summary>Of the shape that is written today; 1 when it never changed.</summary>
    public int Version => Upcasts.Count + 1;

    /// <summary>What is written to <c>mt_events.type</c>: the wire name, from version 2 on with its version as Marten has it.</summary>
    public string StoredName => NameOf(Version);

    public string NameOf(int version) => version == 1 ? WireName : string.Create(CultureInfo.InvariantCulture, $"{WireName}_v{version}");
}

public enum ViewMode
{
    Inline,
    Async,
}

/// <summary>What a key means to a message type.</summary>
public enum MessageOrder
{
    /// <summary>At most one message per key waits; sending again coalesces or re-arms.</summary>
    Unique,

    /// <summary>Many per key, handled one at a time in the order sent; a leased or dead head blocks its key.</summary>
    PerKey,
}

/// <param name="Name">kebab-case.</param>
/// <param name="Workers">Batches handled at the same time on one node.</param>
/// <param name="BatchSize">Most messages in one handler call (all of one type).</param>
/// <param name="MaxAttempts">Attempts, counted at the claim, before a message becomes a dead letter.</param>
public sealed record QueueOptions(string Name, int Workers = 1, int BatchSize = 1, int MaxAttempts = 10)
{
    /// <summary>How long a claim holds without a heartbeat.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Back-off before the second attempt; doubles each time, with jitter, up to <see cref="MaxBackOff"/>.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Messages without a key are taken, handled and deleted in one transaction, as long as none fails: for handlers that do nothing but
    /// write to the database, and soon.
    /// </summary>
    public bool InOneCommit { get; init; }

    /// <summary>
    /// No two batches begin closer than this while they are not full: a queue that has rested answers at once, and a stream of single
    /// messages does not cost a transaction each.
    /// </summary>
    public TimeSpan Gather { get; init; }

    /// <summary>After that a dead letter is deleted (bodies that hold personal data); null keeps it until a person acts.</summary>
    public TimeSpan? KeepDead { get; init; }
}

public sealed record MessageType(
    Type ClrType, string WireName, string Queue, MessageOrder Order, Type HandlerType,
    Func<object, IReadOnlyList<object>, ISession, CancellationToken, Task> Invoke);
