using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MassMessaging.Kernel.Messages;

/// <summary>Every registered queue and message type, by CLR type and by wire name; wrong registrations are named at start.</summary>
internal sealed class MessageRegistry
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // no page ever holds it, and a body within a body is half as long
    };

    private readonly Dictionary<Type, MessageType> byType;
    private readonly Dictionary<string, MessageType> byWireName;
    private readonly Dictionary<string, QueueOptions> queues;
    private readonly Dictionary<string, string[]> wireNames;

    public MessageRegistry(KernelBuilder builder)
    {
        byType = builder.Messages.ToDictionary(type => type.ClrType);
        byWireName = builder.Messages.ToDictionary(type => type.WireName, StringComparer.Ordinal);
        queues = builder.Queues.ToDictionary(queue => queue.Name, StringComparer.Ordinal);
        wireNames = queues.Keys.ToDictionary(
            name => name,
            name => builder.Messages.Where(type => type.Queue == name).Select(type => type.WireName).ToArray(),
            StringComparer.Ordinal);
        var lost = builder.Messages.FirstOrDefault(type => !queues.ContainsKey(type.Queue));
        if (lost is not null)
            throw new InvalidOperationException($"Message {lost.WireName} names the queue {lost.Queue}, which is not registered.");
    }

    public IReadOnlyCollection<QueueOptions> Queues => queues.Values;

    public MessageType Of(object message) => byType.TryGetValue(message.GetType(), out var type)
        ? type
        : throw new InvalidOperationException($"{message.GetType().Name} is not registered as a message.");

    public MessageType Named(string wireName) => byWireName[wireName];

    /// <summary>The queue's types that this version knows: another version's messages wait for a node that knows them.</summary>
    public string[] WireNames(QueueOptions queue) => wireNames[queue.Name];

    public static string Write(object message) => JsonSerializer.Serialize(message, message.GetType(), Json);

    public static object Read(MessageType type, string body) =>
        JsonSerializer.Deserialize(body, type.ClrType, Json) ?? throw new JsonException($"{type.WireName} has no body.");
}
