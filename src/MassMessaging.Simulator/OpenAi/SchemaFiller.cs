using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.OpenAi;

/// <summary>JSON of the asked shape. Texts are drafts, except where the schema or the property's name says otherwise.</summary>
/// <param name="count">How many items an array has whose schema leaves it open.</param>
/// <param name="draft">The n-th message, from 0.</param>
internal sealed class SchemaFiller(int count, Func<int, string> draft)
{
    private const int Deepest = 20;
    private int written;

    public string Fill(JsonElement schema) => System.Text.Encoding.UTF8.GetString(JsonText.Of(json => Write(json, schema, null, Deepest)));

    private void Write(Utf8JsonWriter json, JsonElement schema, string? name, int depth)
    {
        if (depth == 0)
        {
            json.WriteNullValue();
        }
        else if (schema.TryGetProperty("const", out var only))
        {
            only.WriteTo(json);
        }
        else if (schema.TryGetProperty("enum", out var some) && some.ValueKind == JsonValueKind.Array && some.GetArrayLength() > 0)
        {
            some[0].WriteTo(json);
        }
        else if (schema.TryGetProperty("anyOf", out var any) && any.ValueKind == JsonValueKind.Array && any.GetArrayLength() > 0)
        {
            Write(json, any[0], name, depth - 1);
        }
        else
        {
            WriteTyped(json, schema, name, depth);
        }
    }

    private void WriteTyped(Utf8JsonWriter json, JsonElement schema, string? name, int depth)
    {
        switch (TypeOf(schema))
        {
            case "object":
                json.WriteStartObject();
                if (schema.Object("properties") is { } properties)
                {
                    foreach (var property in properties.EnumerateObject())
                    {
                        json.WritePropertyName(property.Name);
                        Write(json, property.Value, property.Name, depth - 1);
                    }
                }

                json.WriteEndObject();
                break;
            case "array":
                json.WriteStartArray();
                for (var index = 0; index < Items(schema, name); index++)
                    Write(json, schema.Object("items") ?? default, name, depth - 1);
                json.WriteEndArray();
                break;
            case "integer" or "number":
                json.WriteNumberValue(schema.Whole("minimum") ?? 1);
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            case "null":
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(IsSide(name) ? SideText(name!) : draft(written++));
                break;
        }
    }

    private int Items(JsonElement schema, string? name) =>
        Math.Clamp(IsVariables(name) ? 0 : count, schema.Whole("minItems") ?? 0, schema.Whole("maxItems") ?? int.MaxValue);

    private static string? TypeOf(JsonElement schema) =>
        schema.Text("type")
        ?? (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var types) && types.ValueKind == JsonValueKind.Array
            ? types[0].GetString()
            : schema.Object("properties") is null ? null : "object");

    private static bool IsVariables(string? name) => name?.Contains("variable", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Texts beside the messages: a name for a template, a reason, a language.</summary>
    private static bool IsSide(string? name) => name?.ToUpperInvariant() is
        "NAME" or "TITLE" or "REASON" or "RATIONALE" or "EXPLANATION" or "LANGUAGE" or "TONE" or "OBJECTIVE" or "WHY" or "VARIABLES";

    private string SideText(string name) => name.ToUpperInvariant() switch
    {
        "LANGUAGE" => "es",
        "NAME" or "TITLE" => $"Mensaje {written + 1}",
        "VARIABLES" => "{nombre_cliente}",
        _ => "cercano",
    };
}
