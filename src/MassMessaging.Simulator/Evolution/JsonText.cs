using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>JSON written by hand, unescaped as Node writes it.</summary>
public static class JsonText
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    public static byte[] Of(Action<Utf8JsonWriter> write) =>
        Of<Action<Utf8JsonWriter>>(write, static (json, action) => action(json));

    /// <summary>Without a closure, for what every send does. <paramref name="write"/> must not write other JSON on the way.</summary>
    public static byte[] Of<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        writer ??= new Utf8JsonWriter(buffer, Options);
        writer.Reset(buffer);
        write(writer, value);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static void Array(this Utf8JsonWriter json, params IReadOnlyList<string> texts)
    {
        json.WriteStartArray();
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string? Text(this JsonElement body, string name) =>
        Value(body, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool? Flag(this JsonElement body, string name) =>
        Value(body, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    public static int? Whole(this JsonElement body, string name) =>
        Value(body, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var whole) ? whole : null;

    public static JsonElement? Object(this JsonElement body, string name) =>
        Value(body, name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    private static JsonElement Value(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) ? value : default;
}
