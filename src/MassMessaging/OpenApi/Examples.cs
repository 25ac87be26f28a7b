using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MassMessaging.Http;

namespace MassMessaging.OpenApi;

/// <summary>An example of any type of the API, made from its properties, so that it can never disagree with the type.</summary>
internal static class Examples
{
    private const int Deepest = 8;

    private static readonly Dictionary<string, string> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["name"] = "María López",
        ["displayName"] = "Ana Torres",
        ["businessName"] = "Bienestar Torres",
        ["email"] = "maria.lopez@example.com",
        ["newEmail"] = "maria.lopez@example.com",
        ["phone"] = "+525512345678",
        ["slug"] = "ana-torres",
        ["country"] = "MX",
        ["timeZone"] = "America/Mexico_City",
        ["language"] = "es",
        ["objective"] = "seguimiento",
        ["content"] = "Hola {nombre_cliente}, soy {nombre_asesor}.",
        ["messageContent"] = "Hola {nombre_cliente}, soy {nombre_asesor}.",
        ["text"] = "Hola María López, soy Ana Torres.",
        ["instance"] = "ana-torres",
        ["gateway"] = "evolution",
        ["tokenType"] = "Bearer",
        ["status"] = "healthy",
        ["note"] = "Prefiere mensajes por la tarde.",
        ["source"] = "Formulario en la feria de salud",
        ["password"] = "Una-frase-larga-1",
        ["newPassword"] = "Una-frase-larga-2",
        ["oldPassword"] = "Una-frase-larga-1",
    };

    public static JsonNode? Of(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), JsonConventions.Options);

    public static JsonNode? Of(Type type) => Of(type, "", 0);

    /// <summary>As it stands in a body of that content type.</summary>
    public static JsonNode? As(string contentType, Type type) => contentType switch
    {
        "text/event-stream" => JsonValue.Create($"event: progress\nid: 42\ndata: {Of(type)?.ToJsonString(JsonConventions.Options)}\n\n"),
        "text/csv" => JsonValue.Create("name,phone,email,label\nMaría López,+525512345678,maria.lopez@example.com,prospecto\n"),
        _ => Of(type),
    };

    private static JsonNode? Of(Type type, string name, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (depth > Deepest || type == typeof(object)) return null;
        if (Simple(type, name) is { } value) return value;

        var shape = JsonConventions.Options.GetTypeInfo(type);
        return shape.Kind switch
        {
            JsonTypeInfoKind.Object => new JsonObject(shape.Properties.Where(property => property.Get is not null).Select(property =>
                KeyValuePair.Create(property.Name, Of(property.PropertyType, property.Name, depth + 1)))),
            JsonTypeInfoKind.Enumerable => new JsonArray(Of(shape.ElementType!, name, depth + 1)),
            JsonTypeInfoKind.Dictionary => new JsonObject(),
            _ => null,
        };
    }

    private static JsonValue? Simple(Type type, string name)
    {
        if (type == typeof(string)) return JsonValue.Create(ByName.GetValueOrDefault(name, "texto"));
        if (type == typeof(Guid)) return JsonValue.Create("01980c5e-6c1f-7c3a-9d51-2f6f3a1b4c7d");
        if (type == typeof(DateTimeOffset) || type == typeof(DateTime)) return JsonValue.Create("2026-01-31T18:30:00.000Z");
        if (type == typeof(bool)) return JsonValue.Create(true);
        if (type == typeof(int) || type == typeof(long)) return JsonValue.Create(1);
        if (type == typeof(double) || type == typeof(decimal) || type == typeof(float)) return JsonValue.Create(0.5);
        if (type.IsEnum) return JsonValue.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(Enum.GetNames(type)[0]));

        return null;
    }
}
