using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>Express' body parser: what is not declared as JSON is an empty object, and what is no JSON never reaches a route.</summary>
internal static class RequestBody
{
    private static readonly JsonDocument Empty = JsonDocument.Parse("{}");

    public static async ValueTask<(JsonDocument Body, Reply? Malformed)> Read(HttpRequest request, bool anyContentType = false)
    {
        var isEmpty = request.ContentLength is 0 || (request.ContentLength is null && !request.Headers.ContainsKey("Transfer-Encoding"));
        if (isEmpty) return (Empty, null);

        var isJson = anyContentType || request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync();
            if (!read.IsCompleted)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            try
            {
                if (!isJson || read.Buffer.IsEmpty) return (Empty, null);

                // Copied: the document would otherwise point into a buffer that the next request overwrites.
                return (JsonDocument.Parse(System.Buffers.BuffersExtensions.ToArray(read.Buffer)), null);
            }
            catch (JsonException malformed)
            {
                return (Empty, Reply.MalformedJson(Message(malformed)));
            }
            finally
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
            }
        }
    }

    private static string Message(JsonException malformed) =>
        malformed.Message.Contains("end of", StringComparison.Ordinal)
            ? "Unexpected end of JSON input"
            : $"Unexpected token in JSON at position {malformed.BytePositionInLine}";
}
