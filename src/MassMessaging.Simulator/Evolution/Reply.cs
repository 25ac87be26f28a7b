using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>An answer, ready to be written. Where a handler gives null instead, the connection is reset.</summary>
public sealed record Reply(int Status, ReadOnlyMemory<byte> Body, string ContentType = "application/json; charset=utf-8")
{
    /// <summary>Marked as answered once the caller has it.</summary>
    public LedgerEntry? Entry { get; init; }

    /// <summary>Seconds; no 2.3.6 answer has one, later gateways and proxies do.</summary>
    public string? RetryAfter { get; init; }

    public static Reply Json(int status, Action<Utf8JsonWriter> write) => new(status, JsonText.Of(write));

    /// <summary>A business rule, or an exception while sending: `message` is an array of one text.</summary>
    public static Reply BadRequest(string message) => Error(400, "Bad Request", json => json.Array(message));

    /// <summary>The schema's complaints: an array inside an array.</summary>
    public static Reply Invalid(IReadOnlyList<string> complaints) => Error(400, "Bad Request", json =>
    {
        json.WriteStartArray();
        json.Array(complaints);
        json.WriteEndArray();
    });

    public static Reply NotOnWhatsApp(WhatsAppNumber number) => Error(400, "Bad Request", json =>
    {
        json.WriteStartArray();
        number.Write(json);
        json.WriteEndArray();
    });

    public static Reply MalformedJson(string message) => Error(400, "Internal Server Error", json => json.WriteStringValue(message));

    public static Reply Unauthorized() => Error(401, "Unauthorized", json => json.WriteStringValue("Unauthorized"));

    public static Reply NameInUse(string name) => Error(403, "Forbidden", json => json.Array($"This name \"{name}\" is already in use."));

    public static Reply NoInstance(string name) => NotFound($"The \"{name}\" instance does not exist");

    public static Reply NotFound(string message) => Error(404, "Not Found", json => json.Array(message));

    /// <summary>An unhandled exception: `message` is a text.</summary>
    public static Reply Crash(string message) => Error(500, "Internal Server Error", json => json.WriteStringValue(message));

    public static Reply Error(int status, string error, Action<Utf8JsonWriter> message) => Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("status", status);
        json.WriteString("error", error);
        json.WriteStartObject("response");
        json.WritePropertyName("message");
        message(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
