using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Unicode;

namespace MassMessaging.Http;

/// <summary>Reads a request's body as one JSON object within the size that every address shares.</summary>
internal static class JsonBody
{
    public const int MaxBytes = 1024 * 1024;

    public static async Task<Fields> Read(HttpContext context)
    {
        var request = context.Request;
        var body = await ReadBytes(request, context.RequestAborted);
        if (body.Length > 0 && !IsJson(request.ContentType))
            throw new ProblemException(415, "unsupported-media-type", "The body must be application/json in UTF-8.");

        return Parse(body);
    }

    public static Fields Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        if (body.Length == 0) body = "{}"u8.ToArray();
        if (!Utf8.IsValid(body.Span)) throw Invalid("The body is not UTF-8.");

        var json = Parsed(body);
        if (json.ValueKind != JsonValueKind.Object) throw Invalid("The body must be a JSON object.");

        var wrong = new WrongFields();
        if (body.Span.IndexOf("\\u"u8) >= 0 || body.Span.IndexOf("\uFFFE"u8) >= 0) FindUnstorable(json, "", wrong);
        return wrong.Any ? throw new ProblemException(wrong.ToProblem()) : new Fields(json, "", wrong);
    }

    private static JsonElement Parsed(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException broken)
        {
            throw Invalid($"The body is not JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.");
        }
    }

    /// <summary>
    /// U+0000 cannot be stored in PostgreSQL, and half a surrogate pair is no character: both only come escaped. U+FFFE, which is none either,
    /// has no normal form: comparing it throws.
    /// </summary>
    private static void FindUnstorable(JsonElement value, string path, WrongFields wrong)
    {
        if (value.ValueKind == JsonValueKind.String && !IsStorable(value.GetString))
            wrong.Add(path, "must not contain U+0000, U+FFFE or half a character");
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in value.EnumerateArray()) FindUnstorable(entry, path, wrong);
        }

        if (value.ValueKind != JsonValueKind.Object) return;
        foreach (var field in value.EnumerateObject())
        {
            if (!IsStorable(() => field.Name)) throw Invalid("A field's name contains U+0000, U+FFFE or half a character.");
            FindUnstorable(field.Value, path.Length == 0 ? field.Name : $"{path}.{field.Name}", wrong);
        }
    }

    private static bool IsStorable(Func<string?> text)
    {
        try
        {
            return text()?.AsSpan().ContainsAny('\0', '\uFFFE') != true;
        }
        catch (InvalidOperationException)
        {
            return false; // how System.Text.Json says that a surrogate stands alone
        }
    }

    public static async Task<byte[]> ReadBytes(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MaxBytes) throw new ProblemException(Problems.OfStatus(StatusCodes.Status413PayloadTooLarge));

        using var bytes = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, ct)) > 0)
        {
            if (bytes.Length + read > MaxBytes) throw new ProblemException(Problems.OfStatus(StatusCodes.Status413PayloadTooLarge));
            await bytes.WriteAsync(chunk.AsMemory(0, read), ct);
        }

        return bytes.ToArray();
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var parsed)
        && (string.Equals(parsed.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
            || parsed.MediaType?.EndsWith("+json", StringComparison.OrdinalIgnoreCase) == true)
        && (parsed.CharSet is null || string.Equals(parsed.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));

    private static ProblemException Invalid(string detail) => new(StatusCodes.Status400BadRequest, "invalid-json", detail);
}
