using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MassMessaging.WhatsApp;

/// <summary>An answer of the gateway, read as far as it can be.</summary>
/// <param name="Json">Undefined when the body is not JSON (a proxy's page).</param>
internal sealed record GatewayAnswer(int Status, string Body, JsonElement Json, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public static GatewayAnswer Of(int status, string body, TimeSpan? retryAfter = null) => new(status, body, Parse(body), retryAfter);

    /// <param name="mostBytes">What is longer is cut, and then is no JSON.</param>
    public static async Task<GatewayAnswer> Read(HttpResponseMessage response, int mostBytes, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var size = (int)Math.Min(mostBytes, response.Content.Headers.ContentLength ?? mostBytes);
        var bytes = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var length = await stream.ReadAtLeastAsync(bytes.AsMemory(0, size), size, throwOnEndOfStream: false, ct);
            return Of((int)response.StatusCode, Encoding.UTF8.GetString(bytes, 0, length), response.Headers.RetryAfter?.Delta);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Undefined when any step is missing or no object.</summary>
    public JsonElement At(params ReadOnlySpan<string> path)
    {
        var at = Json;
        foreach (var name in path) at = at.Field(Encoding.UTF8.GetBytes(name));
        return at;
    }

    public string? TextAt(params ReadOnlySpan<string> path) => At(path).AsText();

    private static JsonElement Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or ArgumentException) // ArgumentException: the body itself is no valid text.
        {
            return default;
        }
    }
}
