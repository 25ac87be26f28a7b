using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MassMessaging.Kernel;

/// <summary>
/// How events stand in <c>mt_events.data</c>: camelCase, enums as camelCase strings (Marten: EnumStorage.AsString, Casing.CamelCase).
/// </summary>
public static class EventJson
{
    private static readonly ConcurrentDictionary<Type, string> dotnetTypes = new(); // an assembly's name is a search

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        NumberHandling = JsonNumberHandling.Strict,
        RespectRequiredConstructorParameters = false,
    };

    public static string Write(object @event) => JsonSerializer.Serialize(@event, @event.GetType(), Options);

    /// <exception cref="JsonException">The text is not an event of that type.</exception>
    public static object Read(Type type, string json) =>
        JsonSerializer.Deserialize(json, type, Options) ?? throw new JsonException($"{type} is null in the log.");

    /// <inheritdoc cref="Read(Type, string)"/>
    internal static object Read(Type type, ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, type, Options) ?? throw new JsonException($"{type} is null in the log.");

    /// <inheritdoc cref="Read(Type, string)"/>
    internal static object Read(Type type, JsonObject json) =>
        json.Deserialize(type, Options) ?? throw new JsonException($"{type} is null in the log.");

    /// <summary>Marten's <c>mt_dotnet_type</c>: <c>Namespace.Type, Assembly</c>.</summary>
    internal static string DotnetType(Type type) =>
        dotnetTypes.GetOrAdd(type, static type => $"{type.FullName}, {type.Assembly.GetName().Name}");
}
