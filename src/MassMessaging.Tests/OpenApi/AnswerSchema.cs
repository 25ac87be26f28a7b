using System.Text.Json;
using System.Text.RegularExpressions;

namespace MassMessaging.Tests.OpenApi;

/// <summary>Holds JSON to a schema of the document, more strictly than JSON Schema does: no field but those named, none left out.</summary>
public sealed partial class AnswerSchema(JsonElement document)
{
    /// <summary>Null when nothing is.</summary>
    public string? Wrong(JsonElement schema, JsonElement value, string path)
    {
        schema = Resolved(schema);
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var wrongs = choices.EnumerateArray().Select(choice => Wrong(choice, value, path)).ToList();
            return wrongs.Contains(null) ? null : string.Join(" and ", wrongs);
        }

        if (!HasType(schema, value)) return $"{path} is {value.ValueKind}, not {schema.GetProperty("type")}";
        return value.ValueKind switch
        {
            JsonValueKind.Object => OfObject(schema, value, path),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => First(
                value.EnumerateArray().Select((entry, index) => Wrong(items, entry, $"{path}[{index}]"))),
            JsonValueKind.String => OfText(schema, value.GetString()!, path),
            _ => null,
        };
    }

    /// <summary>What it refers to, if it is a reference.</summary>
    public JsonElement Resolved(JsonElement element) => element.TryGetProperty("$ref", out var reference)
        ? reference.GetString()![2..].Split('/').Aggregate(document, (found, name) => found.GetProperty(name))
        : element;

    private static bool HasType(JsonElement schema, JsonElement value)
    {
        if (!schema.TryGetProperty("type", out var type)) return true;

        var names = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(name => name.GetString()).ToArray() : [type.GetString()];
        return names.Contains(value.ValueKind switch
        {
            JsonValueKind.Null => "null",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => value.TryGetInt64(out _) && names.Contains("integer") ? "integer" : "number",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            _ => "object",
        });
    }

    private string? OfObject(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("additionalProperties", out var entries) && entries.ValueKind == JsonValueKind.Object)
            return First(value.EnumerateObject().Select(entry => Wrong(entries, entry.Value, $"{path}.{entry.Name}")));
        if (!schema.TryGetProperty("properties", out var fields)) return null;

        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!) : [];
        return First(
        [
            .. required.Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{path}.{name} is missing"),
            .. value.EnumerateObject().Select(field => fields.TryGetProperty(field.Name, out var ofField)
                ? Wrong(ofField, field.Value, $"{path}.{field.Name}")
                : $"{path}.{field.Name} is in no schema"),
        ]);
    }

    private static string? OfText(JsonElement schema, string text, string path)
    {
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => word.GetString() == text))
            return $"{path} is {text}, none of {words}";

        var format = schema.TryGetProperty("format", out var named) ? named.GetString() : null;
        var fits = format switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date-time" => Time().IsMatch(text),
            _ => true,
        };
        return fits ? null : $"{path} is {text}, no {format}";
    }

    private static string? First(IEnumerable<string?> wrongs) => wrongs.FirstOrDefault(wrong => wrong is not null);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();
}
